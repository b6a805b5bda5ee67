"""Tables of runs and requests for tests, from the few fields that a test cares about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from harness.datasets.schema import LEVEL_PREFIX, REQUESTS, RUNS

MS = 1_000_000

_REQUEST = {
    "run_id": "r1",
    "cell_id": "c1",
    "position": 0,
    "request_index": 0,
    "phase": "measured",
    "prompt_id": "p1",
    "stream": 0,
    "outcome": "ok",
    "planned_ns": 0,
    "arrivals_ns": [],
    "tokens": [],
}
_RUN = {
    "cell_id": "c1",
    "replicate": 0,
    "block": 0,
    "position": 0,
    "stratum": 0,
    "outcome": "ok",
    "engine": "fake",
    "engine_version": "1",
}


def requests_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Requests; a row gives the fields that differ from a plain one. ``tokens`` defaults to one a chunk."""
    return pa.Table.from_pylist([_request(row) for row in rows], schema=REQUESTS)


def _request(row: Mapping[str, object]) -> dict[str, object]:
    full = _REQUEST | dict(row)
    arrivals = full["arrivals_ns"]
    if "tokens" not in row and isinstance(arrivals, Sequence):
        full["tokens"] = [1] * len(arrivals)
    return full


def runs_table(rows: Sequence[Mapping[str, object]], **levels: Sequence[object]) -> pa.Table:
    """Runs ``r1``, ``r2``, ... with the given fields; ``levels`` are one column per factor."""
    full = [
        _RUN | {"run_id": f"r{i + 1}", "position": i, "block": i, "replicate": i} | dict(row)
        for i, row in enumerate(rows)
    ]
    table = pa.Table.from_pylist(full, schema=RUNS)
    for name, column in levels.items():
        table = table.append_column(LEVEL_PREFIX + name, pa.array(column))
    return table
