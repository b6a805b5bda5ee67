"""Holds tables to what their values were asked: a row that is labelled with a level shows numbers of that level.

Recipes take labels from the same selectors as values. A table that a module writes cell by cell is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.errors import UsageError

from ..claims.lexicon import titled
from ..claims.subjects import Words, kept, reference_levels
from ..content.blocks import Cell, Content, Lit, Table
from ..text.escaping import LiteralKind, refuse_measurement
from ..text.naming import level_text
from ..values.value import Value


def demand_literals(table: Table) -> Table:
    """The table. Raises ``UsageError`` where a literal states what only a measurement could; an identifier may be text
    that a machine wrote, and is no statement."""
    for column in table.columns:
        if column.kind:
            refuse_measurement(column.header, LiteralKind(column.kind))
    for cell in (cell for row in table.rows for cell in row):
        if isinstance(cell, Lit) and cell.kind != LiteralKind.IDENTIFIER:
            refuse_measurement(cell.text, LiteralKind(cell.kind))
    return table


def demand_labels(content: Content, words: Words) -> None:
    """Raises ``UsageError`` for a row under another level's label, a unit that its header does not say, and a caption
    or a header that claims a comparison. ``words`` are what the study calls its levels."""
    levels = {
        factor: {
            label: text for text in map(level_text, known) for label in (text, *words.get(factor, {}).get(text, ()))
        }
        for factor, known in content.levels.items()
    }
    for table in (*content.tables.values(), *(figure.table for figure in content.figures.values())):
        for row in table.rows:
            _demand_label(table, row, levels)
        _demand_units(table)
    for name, text in _titles(content):
        for word in titled(text):
            raise UsageError(
                f"{name!r} says {word!r} in {text!r}, which no data test; say what is shown, not what came out"
            )


def _demand_label(table: Table, row: tuple[Cell, ...], levels: dict[str, dict[str, str]]) -> None:
    labels = {cell.text if isinstance(cell, Lit) else cell for cell in row if not isinstance(cell, Value)}
    values = [cell for cell in row if isinstance(cell, Value)]
    for factor, known in levels.items():
        asked = frozenset().union(*(kept(value).get(factor, frozenset()) | reference_levels(value) for value in values))
        others = frozenset().union(*(levels[name] for name in levels if name != factor))
        wrong = {known[label] for label in labels & known.keys() - others}
        if wrong and asked & set(known.values()) and not {known.get(label, label) for label in labels} & asked:
            raise UsageError(
                f"table {table.name!r}: a row is labelled {', '.join(sorted(wrong))}, and its numbers are of "
                f"{factor} {', '.join(sorted(asked & set(known.values())))}"
            )


def _demand_units(table: Table) -> None:
    for place, column in enumerate(table.columns):
        for cell in (row[place] for row in table.rows):
            if isinstance(cell, Value) and column.form == "figure" and column.unit and cell.unit != column.unit:
                raise UsageError(
                    f"table {table.name!r}: the column {column.header!r} is in "
                    f"{column.unit.symbol or 'plain numbers'}, "
                    f"and {cell.id} is in {cell.unit.symbol or 'plain numbers'}"
                )


def _titles(content: Content) -> Iterator[tuple[str, str]]:
    for table in content.tables.values():
        yield from ((table.name, text) for text in (table.caption, *(column.header for column in table.columns)))
    yield from ((figure.name, figure.title) for figure in content.figures.values())
