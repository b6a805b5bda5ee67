"""What a report module computes: findings, tables and figures, ready for a page and for the cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from harness.errors import UsageError
from harness.units import Unit

from ..claims.claim import AnyClaim, claims_of, claims_record
from ..values.evidence import Level
from ..values.serialize import page_record, values_of
from ..values.value import Value
from .facts import Facts

Form = Literal["figure", "interval", "text"]


@dataclass(frozen=True, slots=True)
class Lit:
    """A number that is not a measurement, such as a level or a date; ``kind`` as in ``markup.LiteralKind``."""

    text: str
    kind: str


Cell = Value | Lit | str


@dataclass(frozen=True, slots=True)
class Column:
    """``form`` says how values show: the figure alone (the unit is in the header), with interval, or with unit."""

    header: str
    unit: Unit | None = None
    form: Form = "figure"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose numbers are values or declared literals. A string that holds a digit is refused."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise UsageError(f"table {self.name!r}: a row has {len(row)} cells for {len(self.columns)} columns")

    def values(self) -> Iterator[Value]:
        for row in self.rows:
            yield from (cell for cell in row if isinstance(cell, Value))


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart in three forms made of the same values: a Vega-Lite spec, a static SVG and a data table.

    ``narrow`` is the same drawn for a narrow column; empty where one drawing serves all widths.
    """

    name: str
    title: str
    description: str
    spec: Mapping[str, Any]
    svg: str
    table: Table
    narrow: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything computed for a page. ``levels`` are the recorded levels of each factor, in the study's order;
    none for a report over several datasets."""

    findings: Mapping[str, Value] = field(default_factory=dict)
    claims: Mapping[str, AnyClaim] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    levels: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    samples: str = ""

    def values(self) -> Iterator[Value]:
        yield from self.findings.values()
        for claim in self.claims.values():
            yield from claim.values.values()
        for table in self.tables.values():
            yield from table.values()
        for figure in self.figures.values():
            yield from figure.table.values()


def content_record(content: Content) -> dict[str, Any]:
    """``content`` as JSON-ready data."""
    return {
        "values": page_record("", content.values())["values"],
        "findings": {name: value.id for name, value in content.findings.items()},
        "claims": claims_record(content.claims.values()),
        "claims_in_order": list(content.claims),
        "tables": [_table_record(table) for table in content.tables.values()],
        "figures": [
            {
                "name": figure.name,
                "title": figure.title,
                "description": figure.description,
                "spec": figure.spec,
                "svg": figure.svg,
                "narrow": figure.narrow,
                "table": _table_record(figure.table),
            }
            for figure in content.figures.values()
        ],
        "facts": content.facts.record(),
        "levels": {factor: list(levels) for factor, levels in content.levels.items()},
        "samples": content.samples,
    }


def content_of(record: Mapping[str, Any]) -> Content:
    """The content that ``content_record`` described."""
    values = values_of(record["values"])
    claims = claims_of(record["claims"], values)
    tables = [_table(item, values) for item in record["tables"]]
    figures = [Figure(**{**item, "table": _table(item["table"], values)}) for item in record["figures"]]
    return Content(
        findings={name: values[key] for name, key in record["findings"].items()},
        claims={key: claims[key] for key in record["claims_in_order"]},
        tables={table.name: table for table in tables},
        figures={figure.name: figure for figure in figures},
        facts=Facts.of(record["facts"]),
        levels={factor: tuple(levels) for factor, levels in record["levels"].items()},
        samples=record["samples"],
    )


def _table_record(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "caption": table.caption,
        "note": table.note,
        "columns": [[column.header, _unit_record(column.unit), column.form] for column in table.columns],
        "rows": [[_cell_record(cell) for cell in row] for row in table.rows],
    }


def _cell_record(cell: Cell) -> Any:
    if isinstance(cell, Value):
        return {"value": cell.id}
    return {"lit": [cell.text, cell.kind]} if isinstance(cell, Lit) else cell


def _unit_record(unit: Unit | None) -> Any:
    return unit and [unit.symbol, [list(dim) for dim in unit.dims], unit.scale]


def _table(record: Mapping[str, Any], values: Mapping[str, Value]) -> Table:
    columns = tuple(Column(header, _unit(unit), form) for header, unit, form in record["columns"])
    rows = tuple(tuple(_cell(cell, values) for cell in row) for row in record["rows"])
    return Table(record["name"], record["caption"], columns, rows, record["note"])


def _cell(record: Any, values: Mapping[str, Value]) -> Cell:
    if isinstance(record, str):
        return record
    return values[record["value"]] if "value" in record else Lit(*record["lit"])


def _unit(record: Any) -> Unit | None:
    return record and Unit(record[0], tuple((name, power) for name, power in record[1]), record[2])


def by_name(items: Iterable[Table]) -> dict[str, Table]:
    """Tables by name. Raises ``UsageError`` where two share one."""
    named: dict[str, Table] = {}
    for item in items:
        if item.name in named:
            raise UsageError(f"two tables are called {item.name!r}; rename one")
        named[item.name] = item
    return named
