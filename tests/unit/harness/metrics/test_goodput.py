"""Goodput counts the requests that met every limit of their own run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from harness.metrics.runs import RunValues, per_run
from tests.support.tables import MS, runs_table
from tests.unit.harness.metrics.test_throughput import S, Tables

LIMITS = {"slo.ttft_ms": 100.0}


def goodput(rows: Sequence[Mapping[str, object]], *limits: Mapping[str, object]) -> RunValues:
    runs = [
        {"run_id": f"r{number}", "position": number, "requested": json.dumps(one)}
        for number, one in enumerate(limits or (LIMITS,))
    ]
    tables = Tables([{"run_id": "r0", **row} for row in rows])
    return per_run(runs_table(runs), tables.requests, "goodput", tables=tables)


def request(*arrivals_ms: float, **fields: object) -> dict[str, object]:
    """One that begins with its run and ends after a second."""
    return {"planned_ns": 0, "end_ns": S, "arrivals_ns": [int(at * MS) for at in arrivals_ms], **fields}


def test_only_requests_within_the_limit_count() -> None:
    assert goodput([request(99, 200), request(100, 200), request(101, 200)]).values.tolist() == [2.0]


def test_every_limit_has_to_be_met() -> None:
    limits = {"slo.ttft_ms": 100.0, "slo.e2e_ms": 150.0}
    assert goodput([request(50, 140), request(50, 160), request(110, 140)], limits).values.tolist() == [1.0]


def test_one_stall_breaks_a_limit_on_gaps_and_not_one_on_their_mean() -> None:
    stalled, even = request(10, 20, 30, 100), request(10, 40, 70, 100)
    assert goodput([stalled, even], {"slo.itl_ms": 40.0}).values.tolist() == [1.0]
    assert goodput([stalled, even], {"slo.tpot_ms": 30.0}).values.tolist() == [2.0]


def test_a_request_of_one_token_has_no_gap_to_be_late() -> None:
    assert goodput([request(10)], {"slo.itl_ms": 1.0, "slo.tpot_ms": 1.0}).values.tolist() == [1.0]


def test_a_request_that_failed_meets_no_limit() -> None:
    assert goodput([request(10, 20), request(outcome="failed")]).values.tolist() == [1.0]


def test_each_run_is_held_to_its_own_limits() -> None:
    rows = [request(90, 95), request(90, 95, run_id="r1")]
    found = goodput(rows, {"slo.ttft_ms": 80.0}, {"slo.ttft_ms": 100.0})
    assert found.values.tolist() == [0.0, 1.0]


def test_a_run_without_limits_has_none() -> None:
    found = goodput([request(10, 20)], {"streams": 4})
    assert dict(found.missing) == {"not_applicable": 1}


@pytest.mark.parametrize("limit", ["slo.ttft_ms", "slo.tpot_ms", "slo.itl_ms", "slo.e2e_ms"])
def test_without_a_limit_that_binds_it_is_the_throughput(limit: str) -> None:
    rows = [request(10, 20, 30), request(15, 25)]
    assert goodput(rows, {limit: 1e9}).values.tolist() == [2.0]
