"""Whatever a run says survives the way into Parquet and back, or is refused before it is recorded."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.events import Reading, Request, Run
from harness.recorder.tables import Tables
from tests.support.datasets import synthetic_study
from tests.support.hostile import readings, requests, runs

STUDY = synthetic_study()
CELL = STUDY.matrix("quick").cells()[0]
INT32 = st.integers(-(2**31), 2**31 - 1)


def fitting(run: Run, number: int, *asked: Request) -> Run:
    """``run`` within the ranges of the schema, with these requests and no readings."""
    counted = tuple(
        dataclasses.replace(
            request,
            index=number,
            stream=number,
            arrivals_ns=request.arrivals_ns[:1],
            tokens=(1,) * bool(request.arrivals_ns),
            task=number,
            turn=number,
        )
        for request in asked
    )
    tasks = tuple(dataclasses.replace(task, index=number, ingested_files=number) for task in run.tasks[:1])
    return dataclasses.replace(
        run,
        cell_id=CELL.id,
        replicate=number,
        block=number,
        position=number,
        tasks=tasks,
        requests=counted,
        readings=(),
    )


def through_parquet(run: Run) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, table in Tables(STUDY.canonical()).build({run.run_id: run}, {run.run_id: 0}).items():
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="zstd")
        back = pq.ParquetFile(sink).read()
        assert back.schema.equals(table.schema)
        rows[name] = back.to_pylist()
    return rows


@given(runs, INT32, requests)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_run_survives_parquet(run: Run, number: int, request: Request) -> None:
    made = fitting(run, number, request)
    rows = through_parquet(made)
    (row,), (asked,) = rows["runs"], rows["requests"]
    assert (row["run_id"], row["outcome_detail"]) == (made.run_id, made.outcome.detail)
    assert json.loads(row["requested"]) == dict(made.requested)
    assert json.loads(row["facts"]) == dict(made.facts)
    for started, said in zip(made.engines, rows["engines"], strict=True):
        assert (said["server"], said["engine"], said["load_ns"]) == (started.server, started.engine, started.load_ns)
        assert json.loads(said["effective"]) == dict(started.effective)
    for task, said in zip(made.tasks, rows["tasks"], strict=True):
        assert (said["agent"], said["outcome_detail"], said["text"]) == (task.agent, task.outcome.detail, task.text)
        assert (said["started_ns"], said["ingested_bytes"]) == (task.started_ns, task.ingested_bytes)
    (original,) = made.requests
    assert asked["text"] == original.text
    assert asked["finish_reason"] == original.finish_reason
    assert tuple(asked["arrivals_ns"]) == original.arrivals_ns
    assert asked["engine_prompt_ms"] == original.counters.prompt_ms
    assert asked["engine_prompt_n"] == original.counters.prompt_n


@given(runs, st.lists(readings, min_size=1, max_size=3))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_readings_survive_parquet_or_are_refused(run: Run, polled: list[Reading]) -> None:
    made = dataclasses.replace(fitting(run, 0), readings=tuple(polled))
    contradictory = any((reading.value is None) != (reading.missing is not None) for reading in polled)
    try:
        rows = through_parquet(made)["readings"]
    except ValueError:
        assert contradictory
        return
    assert not contradictory
    expected = sorted(polled, key=lambda reading: reading.at_ns)
    assert [(row["quantity"], row["value"]) for row in rows] == [(r.quantity, r.value) for r in expected]
