"""One built HTML file as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html as parser


@dataclass(frozen=True, slots=True)
class Document:
    """A page: its ``name`` is its path below the site's root, its ``body`` the article or, without one, all of it."""

    name: str
    tree: Any
    body: Any

    @classmethod
    def read(cls, root: Path, path: Path) -> Document:
        """The document at ``path``."""
        tree = parser.fromstring(path.read_bytes().decode(errors="replace"))
        articles = tree.xpath("//article")
        return cls(path.relative_to(root).as_posix(), tree, articles[0] if articles else tree)
