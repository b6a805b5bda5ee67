"""Values as JSON: what ``values.json`` publishes, and the lossless record that the cache keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.units import Unit

from .evidence import Interval, Strength
from .questions import question_of, question_record
from .value import Value, by_id

SCHEMA = 1
Record = dict[str, Any]


def value_record(value: Value) -> Record:
    """One value as ``values.json`` shows it; ``parents`` are ids."""
    return {
        "number": value.number,
        "unit": value.unit.symbol,
        "figure": value.figure,
        "text": value.text,
        "status": str(value.strength),
        "n": value.n,
        "missing": value.missing,
        "interval": value.interval and value.interval.record(),
        "question": value.question and question_record(value.question),
        "source": value.source,
        "parents": [parent.id for parent in value.parents],
        "operation": value.operation,
        "definition": value.definition,
        "caution": value.caution,
        "decimals": value.decimals,
        "name": value.name,
        "dims": [list(dim) for dim in value.unit.dims],
        "scale": value.unit.scale,
    }


def page_record(page: str, values: Iterable[Value]) -> Record:
    """The content of a page's ``values.json``: all its values and their parents, by id."""
    table = by_id(values)
    return {"schema": SCHEMA, "page": page, "values": {key: value_record(table[key]) for key in sorted(table)}}


def values_of(records: Mapping[str, Record]) -> dict[str, Value]:
    """The values that ``page_record`` described, by id; samples are not part of a record."""
    built: dict[str, Value] = {}

    def build(key: str) -> Value:
        if key not in built:
            built[key] = _value(records[key], tuple(build(parent) for parent in records[key]["parents"]))
        return built[key]

    return {key: build(key) for key in records}


def _value(record: Record, parents: tuple[Value, ...]) -> Value:
    interval, question = record["interval"], record["question"]
    return Value(
        record["number"],
        Unit(record["unit"], tuple((name, power) for name, power in record["dims"]), record["scale"]),
        Strength(record["status"]),
        Interval(**interval) if interval else None,
        record["n"],
        record["missing"],
        question_of(question) if question else None,
        record["source"],
        parents,
        record["operation"],
        record["definition"],
        record["caution"],
        record["decimals"],
        record["name"],
    )
