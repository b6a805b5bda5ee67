"""What a report module computes: findings, tables and figures, ready for a page and for the cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, TypeAdapter, ValidationInfo

from harness.errors import UsageError
from harness.units import Unit

from ..claims.claim import AnyClaim
from ..values.evidence import Level
from ..values.serialize import Bound, Record, page_record, values_of
from ..values.value import Value
from .facts import Facts

Form = Literal["figure", "interval", "text"]
SHADES = 4


@dataclass(frozen=True, slots=True)
class Lit:
    """A number that is not a measurement, such as a level or a date; ``kind`` as in ``markup.LiteralKind``."""

    text: str
    kind: str


def _named(cell: Any, info: ValidationInfo) -> Value:
    """Raises ``ValueError`` for what is no value."""
    if isinstance(cell, Value):
        return cell
    if not isinstance(cell, Mapping) or "value" not in cell:
        raise ValueError("no value")
    found: Value = (info.context or {})[cell["value"]]
    return found


def _reference(value: Value) -> dict[str, str]:
    return {"value": value.id}


Cell = str | Lit | Annotated[Value, PlainSerializer(_reference), PlainValidator(_named)]
"""What a table holds; a record tells a value, which it names by its id, from words and literals."""


@dataclass(frozen=True, slots=True)
class Column:
    """``form`` says how values show: the figure alone (the unit is in the header), with interval, or with unit.

    ``formula`` is what a browser computes the numbers below by again, or the one name that they have in formulas.
    ``kind`` declares a header that is a level, as that of a literal.
    """

    header: str
    unit: Unit | None = None
    form: Form = "figure"
    formula: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose numbers are values or declared literals. A string that holds a digit is refused.

    The cells of a ``heat`` map are shaded by their numbers, which then are of one metric.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    heat: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise UsageError(f"table {self.name!r}: a row has {len(row)} cells for {len(self.columns)} columns")

    def values(self) -> Iterator[Value]:
        for row in self.rows:
            yield from (cell for cell in row if isinstance(cell, Value))

    def kinds(self) -> tuple[str, ...]:
        """The kind of literal that every cell of a column is, which its heading says once; empty where they differ.

        A date says so itself: style keeps it on one line.
        """
        return tuple(_kind(cells) for cells in zip(*self.rows, strict=True)) or ("",) * len(self.columns)

    def shade(self, value: Value) -> str:
        """The class of a cell of a heat map: ``b-heat-0`` for the least and missing numbers, the last for the most."""
        known = [one.number for one in self.values() if one.number is not None]
        if value.number is None or max(known) == min(known):
            return "b-heat-0"
        return f"b-heat-{round(SHADES * (value.number - min(known)) / (max(known) - min(known)))}"


def _kind(cells: Sequence[Cell]) -> str:
    kinds = {cell.kind if isinstance(cell, Lit) else "" for cell in cells}
    return kinds.pop() if len(cells) > 1 and len(kinds) == 1 and "date" not in kinds else ""


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

    findings: Mapping[str, Bound] = field(default_factory=dict)
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


_ADAPTER: TypeAdapter[Content] = TypeAdapter(Content)


def content_record(content: Content) -> Record:
    """``content`` as JSON-ready data."""
    values = page_record("", content.values())["values"]
    return {"values": values, "content": _ADAPTER.dump_python(content, mode="json")}


def content_of(record: Record) -> Content:
    """The content that ``content_record`` described."""
    return _ADAPTER.validate_python(record["content"], context=values_of(record["values"]))
