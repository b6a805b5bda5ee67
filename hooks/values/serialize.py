"""Values as JSON: what ``values.json`` publishes, and the lossless record that the cache keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, TypeAdapter, ValidationInfo

from .value import Value, by_id

SCHEMA = 1
Record = dict[str, Any]

_ADAPTER: TypeAdapter[Value] = TypeAdapter(Value)
_WRITTEN_OTHERWISE = {"unit", "strength", "parents", "sample", "ratios", "_known_id"}


def value_record(value: Value) -> Record:
    """One value as ``values.json`` shows it; ``parents`` are ids."""
    return {
        **_ADAPTER.dump_python(value, mode="json", exclude=_WRITTEN_OTHERWISE),
        "unit": value.unit.symbol,
        "dims": [list(dim) for dim in value.unit.dims],
        "scale": value.unit.scale,
        "figure": value.figure,
        "text": value.text,
        "status": str(value.strength),
        "parents": [parent.id for parent in value.parents],
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
    unit = {"symbol": record["unit"], "dims": record["dims"], "scale": record["scale"]}
    return _ADAPTER.validate_python({**record, "unit": unit, "strength": record["status"], "parents": parents})


def _named(key: Any, info: ValidationInfo) -> Value:
    found: Value = key if isinstance(key, Value) else (info.context or {})[key]
    return found


Bound = Annotated[Value, PlainSerializer(lambda value: value.id, return_type=str), PlainValidator(_named)]
"""A value that a record names by its id; who reads the record gives the values by id as the context."""
