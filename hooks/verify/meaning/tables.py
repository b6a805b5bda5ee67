"""The tables of a page as rows of cells, each with its heading and the value that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..reader.page import Page
from ..reader.site import Site
from ..reader.values_json import StatedValue

NUMBERS = "numbers"
"""The id around the table of all numbers of a page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``heading`` is that of its column; ``value`` is null where the cell shows none, or more than one."""

    heading: str
    text: str
    value: StatedValue | None


@dataclass(frozen=True, slots=True)
class Table:
    """``name`` is its id or its caption; every row has a cell for each heading."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def tables(site: Site, page: Page) -> tuple[Table, ...]:
    """Every table with a line of headings, but that of all numbers; read once, for several checks look at it."""
    return site.once(("tables", page.name), lambda: tuple(_tables(page)))


def _tables(page: Page) -> Iterator[Table]:
    there = f".//table[thead/tr/th][not(ancestor::*[@id='{NUMBERS}'])]"
    for element in (found for document in page.documents for found in document.body.xpath(there)):
        headings = [text_of(cell) for cell in element.xpath("./thead/tr[1]/th")]
        rows = [list(row.iterchildren("th", "td")) for row in element.xpath("./tbody/tr")]
        name = element.get("id") or next((text_of(one) for one in element.iter("caption")), "a table")
        yield Table(
            name,
            tuple(
                tuple(_cell(page, heading, cell) for heading, cell in zip(headings, row, strict=True))
                for row in rows
                if len(row) == len(headings)
            ),
        )


def _cell(page: Page, heading: str, element: Any) -> Cell:
    shown = {page.shown(data) for data in element.iter("data") if not data.get("data-part")}
    key = shown.pop() if len(shown) == 1 else ""
    return Cell(heading, text_of(element), page.stated.values.get(key))


def text_of(element: Any) -> str:
    """What an element says, on one line; a no-break space is a space."""
    return " ".join(element.text_content().split())
