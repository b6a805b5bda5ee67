"""The standard tables of a report over many datasets: one for all of them, where each has its own row or rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harness.units import ONE

from ..content.blocks import Cell, Column, Lit, Table
from ..values.value import Value

MANY = 3
"""With more datasets than this a report sets them side by side."""

Row = tuple[Cell, ...]
Named = Mapping[str, Mapping[str, Table]]


def side_by_side(named: Named) -> Iterator[Table]:
    """The tables of all datasets, of which ``named`` has the standard ones by the dataset's name."""
    yield _turned(named, "outcomes", "How the runs ended", lambda row: _words(row[:2]))
    yield _turned(named, "flags", "Runs with a reason for doubt", lambda row: _words(row[:1]))
    yield _lengths(named)


def _lengths(named: Named) -> Table:
    """The rows of all datasets under each other; datasets that show the same share one."""
    first = next(iter(named.values()))["lengths"]
    columns = (Column("datasets"), Column("requests"), *first.columns[1:])
    alike: dict[tuple[str, ...], list[tuple[str, Row]]] = {}
    for name, tables in named.items():
        for row in tables["lengths"].rows:
            alike.setdefault(tuple(map(_text, row)), []).append((name, row))
    rows = tuple((Lit(", ".join(name for name, _ in same), "identifier"), *same[0][1]) for same in alike.values())
    return Table("lengths_of_all", first.caption, columns, rows)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.text


def _turned(named: Named, table: str, caption: str, label: Callable[[Row], str]) -> Table:
    """A row for each dataset, a column for each ``label`` of a row of which any has a number other than zero, which is
    the third cell."""
    found = {name: {label(row): row[2] for row in tables[table].rows} for name, tables in named.items()}
    labels = tuple(dict.fromkeys(label for cells in found.values() for label, cell in cells.items() if _counts(cell)))
    columns = (Column("dataset"), *(Column(label, ONE) for label in labels))
    rows = tuple(
        (Lit(name, "identifier"), *(cells.get(label, "—") for label in labels)) for name, cells in found.items()
    )
    return Table(f"{table}_of_all", caption, columns, rows)


def _counts(cell: Cell) -> bool:
    """Whether a cell is of something: a number other than zero, or why there is none."""
    return cell.number != 0 if isinstance(cell, Value) else True


def _words(cells: Row) -> str:
    return ", ".join(str(cell) for cell in cells if cell != "—")
