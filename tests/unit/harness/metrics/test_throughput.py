"""Throughput by the clock on the wall: overlapping requests, failed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest

from harness.errors import DatasetCorrupt
from harness.metrics.runs import RunValues, per_run
from tests.support.tables import MS, requests_table, runs_table

S = 1_000 * MS


class Tables:
    """The table of requests of a dataset."""

    def __init__(self, rows: Sequence[Mapping[str, object]]) -> None:
        self.requests = requests_table(rows)

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        assert name == "requests"
        return self.requests.select(list(columns)) if columns else self.requests


def rate(rows: Sequence[Mapping[str, object]], metric: str = "request_throughput", outcome: str = "ok") -> RunValues:
    tables = Tables(rows)
    return per_run(runs_table([{"outcome": outcome}]), tables.requests, metric, tables=tables)


def request(start_s: float, seconds: float, **fields: object) -> dict[str, object]:
    end = int(seconds * S)
    return {"planned_ns": int(start_s * S), "end_ns": end, "arrivals_ns": [end // 2, end], **fields}


def test_two_at_once_are_twice_as_many_in_a_second() -> None:
    apart, together = rate([request(0, 1), request(1, 1)]), rate([request(0, 1), request(0, 1)])
    assert apart.values.tolist() == [1.0]
    assert together.values.tolist() == [2.0]
    assert rate([request(0, 1), request(0, 1)], "output_token_throughput").values.tolist() == [4.0]


def test_a_stall_of_one_request_lowers_the_rate_of_all() -> None:
    assert rate([request(0, 1), request(1, 8), request(9, 1)]).values.tolist() == [0.3]


def test_a_request_that_failed_completes_nothing_and_takes_its_time() -> None:
    rows = [request(0, 1), request(1, 3, outcome="failed")]
    assert rate(rows, outcome="degraded").values.tolist() == [0.25]
    assert rate([request(0, 2, outcome="failed")], outcome="degraded").values.tolist() == [0.0]


def test_only_measured_requests_count() -> None:
    rows = [request(0, 10, phase="cold"), request(10, 1), request(11, 1)]
    assert rate(rows).values.tolist() == [1.0]
    assert dict(rate([request(0, 1, phase="cold")]).missing) == {"not_applicable": 1}


def test_a_request_of_no_run_is_corruption() -> None:
    with pytest.raises(DatasetCorrupt, match="a request belongs to no run"):
        rate([request(0, 1), request(1, 1, run_id="r9")])
