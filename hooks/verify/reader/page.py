"""One built page: its HTML as a tree, and what it states about its numbers and claims."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .document import Document, Documents
from .mismatches import Examined
from .plain_files import is_plain, plain_files
from .values_json import StatedPage, StatedValue

NUMBERS = "values.json"
ROW = "n-"
ROWS = "numbers.html"
"""The page of a report's rows, beside its other files: one statement with the report."""


@dataclass(frozen=True)
class Page:
    """A page of the site that shows numbers. ``name`` is its path below the site's root."""

    root: Path
    path: Path
    stated: StatedPage
    read: Documents

    @cached_property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def folder(self) -> Path:
        """Where the page's own files are."""
        return self.path.parent

    @cached_property
    def dataset(self) -> str:
        """The label of the dataset that the page is of; empty where it is of none or of several."""
        return str(next(iter(self.tree.xpath("//*[@id='dataset']/@data-dataset")), ""))

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The page itself and, where the rows of its numbers stand on a page of their own, that one."""
        apart = self.path.with_suffix("") / ROWS
        paths = (self.path, apart) if is_plain(apart) else (self.path,)
        return tuple(map(self.read.at, paths))

    @property
    def tree(self) -> Any:
        """The parsed document."""
        return self.documents[0].tree

    @property
    def body(self) -> Any:
        """What the page itself says: its article, or all of it where there is none."""
        return self.documents[0].body

    @property
    def rows(self) -> Any:
        """The body that has the rows of its numbers."""
        return self.documents[-1].body

    @property
    def rows_at(self) -> str:
        """The address from the page of where those rows are."""
        return f"{self.path.stem}/{ROWS}" if len(self.documents) > 1 else ""

    @cached_property
    def keys(self) -> dict[str, str]:
        """The ids of the values by the addresses of their rows; an address that two would share leads to neither."""
        found = Counter(map(row_of, self.stated.values))
        return {address: key for key in self.stated.values if found[address := row_of(key)] == 1}

    def shown(self, element: Any) -> str:
        """The id of the value that a ``<data>`` element shows: its own, or that of the link or the row it stands in."""
        if element.get("data-v") is not None:
            return str(element.get("data-v"))
        for owner in element.iterancestors("a", "tr"):
            place = str(owner.get("href", "").removeprefix(self.rows_at) if owner.tag == "a" else f"#{owner.get('id')}")
            if place.startswith(f"#{ROW}"):
                return self.keys.get(place[1:], place)
        return ""

    def lineage(self, value: StatedValue) -> Iterator[StatedValue]:
        """A value and all that it was computed from."""
        yield value
        for parent in value.parents:
            yield from self.lineage(self.stated.values[parent])


def row_of(key: str) -> str:
    """The address on its page of the row of the value with that id, whose end names it."""
    return ROW + key.rpartition("-")[2]


def pages(root: Path, read: Documents) -> Iterator[Page | Examined]:
    """Every page that states numbers, and what is wrong with the statements of the others."""
    stated = {_page_of(path): path for path in plain_files(root, NUMBERS)}
    owners = frozenset(stated)
    for path in plain_files(root, "*.html"):
        name = path.relative_to(root).as_posix()
        if path in stated:
            yield _read(root, path, stated.pop(path), read)
        elif path.name == ROWS:
            yield Examined(name, None if path.parent.with_suffix(".html") in owners else "it belongs to no page")
        elif b"<data " in path.read_bytes():
            yield Examined(name, f"it shows values but has no {NUMBERS}")
    for path in stated.values():
        yield Examined(path.relative_to(root).as_posix(), "it belongs to no page")


def _page_of(numbers: Path) -> Path:
    index = numbers.with_name("index.html")
    return index if index.exists() else numbers.parent.with_suffix(".html")


def _read(root: Path, path: Path, numbers: Path, read: Documents) -> Page | Examined:
    data = numbers.read_bytes()
    try:
        found = json.loads(data)
        stated = StatedPage.model_validate(found)
        canonical = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    except ValidationError as error:
        first = error.errors()[0]
        return _unreadable(root, numbers, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except (ValueError, RecursionError) as error:
        return _unreadable(root, numbers, str(error))
    if canonical != data:
        return _unreadable(root, numbers, "it is not canonical JSON")
    return Page(root, path, stated, read)


def _unreadable(root: Path, path: Path, what: str) -> Examined:
    return Examined(path.relative_to(root).as_posix(), f"it cannot be read: {what}")
