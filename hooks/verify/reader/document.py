"""One built HTML file as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as parser

from .said_once import say_of_each


class _Element(parser.HtmlElement):  # type: ignore[misc]  # lxml has no types
    """An element. Most have no others inside: their text is at hand."""

    def text_content(self) -> str:
        return str(super().text_content()) if len(self) else self.text or ""


_PARSER = parser.HTMLParser()
_PARSER.set_element_class_lookup(
    etree.ElementDefaultClassLookup(_Element, parser.HtmlComment, parser.HtmlProcessingInstruction, parser.HtmlEntity)
)
"""All elements are of one class. To choose the class of each by its name, as lxml does, takes a tenth of all checks."""


@dataclass(frozen=True, slots=True)
class Document:
    """A page: its ``name`` is its path below the site's root, its ``body`` the article or, without one, all of it.

    What it says once for several elements is said of each. A file that is ``no_page`` has an empty tree.
    """

    name: str
    tree: Any
    body: Any
    no_page: bool = False

    @classmethod
    def read(cls, root: Path, path: Path) -> Document:
        """The document at ``path``."""
        found = parsed(path.read_bytes())
        tree = parser.fromstring("<html><body></body></html>") if found is None else found
        say_of_each(tree)
        articles = tree.xpath("//article")
        return cls(path.relative_to(root).as_posix(), tree, articles[0] if articles else tree, found is None)


class Documents:
    """The pages below ``root``, each read and parsed once. No check changes their trees."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[Path, Document] = {}

    def at(self, path: Path) -> Document:
        """The document at ``path``."""
        if path not in self._read:
            self._read[path] = Document.read(self._root, path)
        return self._read[path]


def parsed(data: bytes) -> Any:
    """The tree of a page; ``None`` where it has none."""
    try:
        tree = parser.fromstring(data.decode(errors="replace"), parser=_PARSER)
    except (etree.LxmlError, ValueError):
        return None
    return tree if isinstance(tree.tag, str) else None
