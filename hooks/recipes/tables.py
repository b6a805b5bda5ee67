"""Tables with one line per row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from harness.errors import UsageError
from harness.units import ONE, PERCENT, RATIO, TOKENS

from ..content.blocks import Cell, Column, Table
from ..values.value import Value
from .columns import AskedColumn
from .report_builder import Draft
from .rows import Row, Rows
from .standard_tables import endings

R = TypeVar("R", bound=Row)


def table(
    over: Rows[R],
    name: str,
    caption: str,
    *columns: AskedColumn[R] | Iterable[AskedColumn[R]],
    heat: bool = False,
) -> None:
    """A table with a line per row: its names, then the ``columns``. Groups of columns stand where they are given.
    Numbers of a ``heat`` map are shaded.

    Raises ``UsageError`` for a column with a value in another unit than its heading says.
    """
    flat = [one for item in columns for one in ((item,) if isinstance(item, AskedColumn) else item)]
    lines = tuple(
        (*over.cells(row), *(_fitting(name, one.column, one.ask(over.draft, row)) for one in flat)) for row in over
    )
    over.draft.table(Table(name, caption, (*over.columns, *(one.column for one in flat)), lines, heat=heat))


def _fitting(table: str, column: Column, cell: Cell) -> Cell:
    """``cell``, where its unit is the one that the heading says; a heading without unit is that of a plain number, a
    ratio or a count of tokens."""
    said = (column.unit,) if column.unit else (ONE, RATIO, TOKENS)
    if isinstance(cell, Value) and column.form != "text" and cell.unit not in said:
        heading = f"{column.header!r} says {column.unit.symbol if column.unit else 'no unit'}"
        raise UsageError(f"table {table!r}: the column {heading} and holds {cell.unit.symbol or 'a plain number'}")
    return cell


def outcome_rates(draft: Draft, name: str, caption: str) -> None:
    """The share of all runs that ended in each way, by its reason."""
    runs = draft.data.count("runs")
    shares = ((*ending, ending[-1]) for ending in endings(draft.data))
    lines = tuple((*said, (count / runs).to(PERCENT)) for *said, count in shares if isinstance(count, Value))
    columns = (Column("outcome"), Column("reason"), Column("runs", ONE), Column("share of all runs", PERCENT))
    draft.table(Table(name, caption, columns, lines))


def outcomes(over: Rows[R], name: str, caption: str) -> None:
    """How the runs of each row ended, and why: a line per row, outcome and reason that occur together."""
    lines: list[tuple[Cell, ...]] = [
        (*over.cells(row), *ending) for row in over for ending in endings(over.draft.data, row.where)
    ]
    columns = (*over.columns, *map(Column, ("outcome", "reason", "runs")))
    over.draft.table(Table(name, caption, columns, tuple(lines)))
