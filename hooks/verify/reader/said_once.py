"""What a page says once for several elements, said of each, so that every check reads one element at a time.

    <th data-cells="setting">    the kind of literal that each cell of the column is
    <th data-part="n">           the part of their values that the numbers of the column are
    <tbody data-dataset="…">     the dataset of each row that names none itself
    12.0 (11.0–12.9)             a number and its interval, in one link or in the first cell of a row of numbers

What an element says itself stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ENDS = ("low", "high")
_NUMBERS = "//a[data] | //tr[starts-with(@id, 'n-')]/td[1][.//data]"
_HEADED = "//table[thead/tr/th[@data-cells or @data-part]]"


def say_of_each(tree: Any) -> None:
    """Marks the elements of a document as its tables and their places say."""
    for table in tree.xpath(_HEADED):
        said = [(head.get("data-cells"), head.get("data-part")) for head in table.xpath("./thead/tr[1]/th")]
        saying = {place: heads for place, heads in enumerate(said) if heads != (None, None)}
        for place, cell in _cells(table):
            if place in saying:
                _mark(cell, *saying[place])
    for row in tree.xpath("//tbody[@data-dataset]/tr[not(@data-dataset)]"):
        row.set("data-dataset", row.getparent().get("data-dataset"))
    for owner in tree.xpath(_NUMBERS):
        number, *ends = owner.iter("data")
        if number.get("data-part") is None:
            for end, element in zip(ENDS, ends, strict=False):
                element.set("data-part", element.get("data-part", end))


def _mark(cell: Any, kind: str | None, part: str | None) -> None:
    if kind is not None and cell.text_content() and cell.get("data-lit") is None:
        cell.set("data-lit", kind)
    if part is not None:
        for element in cell.iter("data"):
            element.set("data-part", element.get("data-part", part))


def _cells(table: Any) -> Iterator[tuple[int, Any]]:
    """Each cell of the body with the number of its column; one that spans rows stands in the column of all of them."""
    until: dict[int, int] = {}
    for number, row in enumerate(table.xpath("./tbody/tr")):
        place = 0
        for cell in row.iterchildren("th", "td"):
            while until.get(place, 0) > number:
                place += 1
            yield place, cell
            until[place] = number + span(cell)
            place += 1


def span(cell: Any) -> int:
    """How many rows a cell stands beside."""
    stated = str(cell.get("rowspan", "1"))
    return int(stated) if stated.isdecimal() else 1
