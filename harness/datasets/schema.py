"""Arrow schemas of the tables of a dataset, by version of the schema.

Version history (``SCHEMA_VERSION``):

1   first: runs, requests, readings.
2   engines (every engine that a run started), tasks (of agents); ``requests`` gets ``server``, ``task`` and ``turn``.
3   ``tasks`` gets its phase, its round, and what the process of its agent used.

A file is verified against the schema of the version that its manifest states, and read as today's (``upgraded``).

Every table is sorted by (``position``, index). Times are int64 nanoseconds: a request's are offsets from
its planned start, all others are offsets from the start of the run. Null means missing; ``outcome_code`` or
``missing`` says why.

``runs`` gets one more column per factor, ``level.<factor>``, typed after the study's levels; a factor with levels of
several types is stored as canonical JSON text (``level_key``). ``requested``, ``effective``, ``facts`` and ``flags``
are canonical JSON objects. ``stratum`` counts the changes of circumstances before the run (see ``manifest.Stratum``).
``engine``, ``engine_version``, ``load_ns`` and ``effective`` of a run are those of its first engine.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ..design import Factor

SCHEMA_VERSION = 3

RUNS = pa.schema(
    [
        ("run_id", pa.string()),
        ("cell_id", pa.string()),
        ("replicate", pa.int32()),
        ("block", pa.int32()),
        ("position", pa.int32()),
        ("stratum", pa.int32()),
        ("outcome", pa.string()),
        ("outcome_code", pa.string()),
        ("outcome_detail", pa.string()),
        ("started_unix_ns", pa.int64()),
        ("duration_ns", pa.int64()),
        ("engine", pa.string()),
        ("engine_version", pa.string()),
        ("load_ns", pa.int64()),
        ("requested", pa.string()),
        ("effective", pa.string()),
        ("facts", pa.string()),
        ("flags", pa.string()),
    ]
)

_OF_RUN = [
    ("run_id", pa.string()),
    ("cell_id", pa.dictionary(pa.int32(), pa.string())),
    ("position", pa.int32()),
]

_REQUESTS_1 = pa.schema(
    [
        *_OF_RUN,
        ("request_index", pa.int32()),
        ("phase", pa.dictionary(pa.int8(), pa.string())),
        ("prompt_id", pa.dictionary(pa.int32(), pa.string())),
        ("stream", pa.int32()),
        ("outcome", pa.dictionary(pa.int8(), pa.string())),
        ("outcome_code", pa.string()),
        ("outcome_detail", pa.string()),
        ("planned_ns", pa.int64()),
        ("connect_ns", pa.int64()),
        ("sent_ns", pa.int64()),
        ("first_byte_ns", pa.int64()),
        ("end_ns", pa.int64()),
        ("arrivals_ns", pa.list_(pa.int64())),
        ("tokens", pa.list_(pa.int32())),
        ("engine_prompt_n", pa.int64()),
        ("engine_cache_n", pa.int64()),
        ("engine_prompt_ms", pa.float64()),
        ("engine_predicted_n", pa.int64()),
        ("engine_predicted_ms", pa.float64()),
        ("effective", pa.string()),
        ("finish_reason", pa.string()),
        ("text", pa.string()),
    ]
)

REQUESTS = pa.schema(
    [
        *_REQUESTS_1,
        ("server", pa.dictionary(pa.int16(), pa.string())),
        ("task", pa.int32()),
        ("turn", pa.int32()),
    ]
)

READINGS = pa.schema(
    [
        *_OF_RUN,
        ("probe", pa.dictionary(pa.int16(), pa.string())),
        ("quantity", pa.dictionary(pa.int16(), pa.string())),
        ("unit", pa.dictionary(pa.int16(), pa.string())),
        ("at_ns", pa.int64()),
        ("value", pa.float64()),
        ("missing", pa.string()),
    ]
)

ENGINES = pa.schema(
    [
        *_OF_RUN,
        ("server", pa.string()),
        ("engine", pa.string()),
        ("engine_version", pa.string()),
        ("load_ns", pa.int64()),
        ("effective", pa.string()),
    ]
)

_TASKS_2 = pa.schema(
    [
        *_OF_RUN,
        ("task", pa.int32()),
        ("agent", pa.string()),
        ("language", pa.string()),
        ("server", pa.string()),
        ("outcome", pa.string()),
        ("outcome_code", pa.string()),
        ("outcome_detail", pa.string()),
        ("planned_ns", pa.int64()),
        ("started_ns", pa.int64()),
        ("ended_ns", pa.int64()),
        ("ingested_files", pa.int32()),
        ("ingested_bytes", pa.int64()),
        ("text", pa.string()),
    ]
)

TASKS = pa.schema(
    [
        *_TASKS_2,
        ("phase", pa.string()),
        ("round", pa.int32()),
        ("startup_ns", pa.int64()),
        ("peak_rss_bytes", pa.int64()),
        ("threads", pa.int32()),
        ("wait_ns", pa.int64()),
        ("cpu_ns", pa.int64()),
        ("context_switches", pa.int64()),
    ]
)

SCHEMAS: dict[int, dict[str, pa.Schema]] = {
    1: {"runs": RUNS, "requests": _REQUESTS_1, "readings": READINGS},
    2: {"runs": RUNS, "requests": REQUESTS, "readings": READINGS, "engines": ENGINES, "tasks": _TASKS_2},
    3: {"runs": RUNS, "requests": REQUESTS, "readings": READINGS, "engines": ENGINES, "tasks": TASKS},
}
"""The tables of each version, by name; ``runs`` without the columns of its factors."""

LEVEL_PREFIX = "level."
MANIFEST = "manifest.json"
METER = "meter.csv"
"""What an external power meter wrote, byte for byte; only a dataset that was sealed with such a file has it."""


def tables(version: int = SCHEMA_VERSION) -> tuple[str, ...]:
    """The names of the tables of a version of the schema."""
    return tuple(SCHEMAS[version])


def file_name(table: str) -> str:
    """The file that holds a table."""
    return f"{table}.parquet"


def file_names(version: int) -> frozenset[str]:
    """The files that every dataset of this version of the schema has, without its manifest."""
    return frozenset(map(file_name, SCHEMAS[version]))


def stored_schema(table: str, version: int, factors: Sequence[Factor]) -> pa.Schema:
    """The schema of a table as a version of the schema stores it: ``runs`` with one typed column per factor."""
    schema = SCHEMAS[version][table]
    for factor in factors if table == "runs" else ():
        schema = schema.append(pa.field(LEVEL_PREFIX + factor.name, _level_type(factor)))
    return schema


def upgraded(table: pa.Table, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """``table``, stored by an earlier version, with what it lacks of today's columns (or of ``columns``) as nulls."""
    for field in SCHEMAS[SCHEMA_VERSION][name]:
        if field.name not in table.schema.names and (columns is None or field.name in columns):
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table


def _level_type(factor: Factor) -> pa.DataType:
    kinds = {type(level) for level in factor.levels}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds <= {int, float}:
        return pa.float64()
    return pa.string()
