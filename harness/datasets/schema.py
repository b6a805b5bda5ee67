"""Arrow schemas of the three tables of a dataset.

Version history (``SCHEMA_VERSION``):

1   first: runs, requests, readings.

Every table is sorted by (``position``, index). Times are int64 nanoseconds: a request's are offsets from
its planned start, ``planned_ns`` and ``readings.at_ns`` are offsets from the start of the run. Null means
missing; ``outcome_code`` or ``missing`` says why.

``runs`` gets one more column per factor, ``level.<factor>``, typed after the study's levels; a factor with levels of
several types is stored as canonical JSON text (``level_key``). ``requested``, ``effective``, ``facts`` and ``flags``
are canonical JSON objects. ``stratum`` counts the changes of circumstances before the run (see ``manifest.Stratum``).
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ..design import Factor

SCHEMA_VERSION = 1

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

REQUESTS = pa.schema(
    [
        ("run_id", pa.string()),
        ("cell_id", pa.dictionary(pa.int32(), pa.string())),
        ("position", pa.int32()),
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

READINGS = pa.schema(
    [
        ("run_id", pa.string()),
        ("cell_id", pa.dictionary(pa.int32(), pa.string())),
        ("position", pa.int32()),
        ("probe", pa.dictionary(pa.int16(), pa.string())),
        ("quantity", pa.dictionary(pa.int16(), pa.string())),
        ("unit", pa.dictionary(pa.int16(), pa.string())),
        ("at_ns", pa.int64()),
        ("value", pa.float64()),
        ("missing", pa.string()),
    ]
)

TABLES: dict[str, pa.Schema] = {"runs": RUNS, "requests": REQUESTS, "readings": READINGS}

LEVEL_PREFIX = "level."
MANIFEST = "manifest.json"


def file_name(table: str) -> str:
    """The file that holds a table."""
    return f"{table}.parquet"


def runs_schema(factors: Sequence[Factor]) -> pa.Schema:
    """``RUNS`` plus one typed column per factor."""
    schema = RUNS
    for factor in factors:
        schema = schema.append(pa.field(LEVEL_PREFIX + factor.name, _level_type(factor)))
    return schema


def _level_type(factor: Factor) -> pa.DataType:
    kinds = {type(level) for level in factor.levels}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds <= {int, float}:
        return pa.float64()
    return pa.string()
