"""Runs in which requests failed: a failed one counts as the longest wait, and its share is told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.metrics.runs import per_run
from tests.support.tables import MS, requests_table, runs_table


def waits(ms: Sequence[int | None], within: str, metric: str = "e2e_latency") -> float | str:
    """The number of one degraded run whose requests waited so long, null for one that failed; or why it has none."""
    rows = [{"arrivals_ns": [MS * one], "end_ns": MS * one} if one else {"outcome": "failed"} for one in ms]
    found = per_run(runs_table([{"outcome": "degraded"}]), requests_table(rows), metric, within=within)
    return float(found.values[0]) if not found.missing else str(next(iter(found.missing)))


@pytest.mark.parametrize(
    ("ms", "within", "expected"),
    [
        ([10, 20, 30], "median", 20.0),
        ([10, 20, None], "median", 20.0),
        ([10, 20, 30, None], "median", 25.0),
        ([10, 20, None, None], "median", "request_failed"),
        ([10, None, None], "median", "request_failed"),
        ([10, 20, None], "mean", "request_failed"),
        ([10, 20, None], "max", "request_failed"),
        ([10, 20, None], "min", 10.0),
        ([*range(1, 60), None], "p95", 57.05),
        ([*range(1, 58), None, None, None, None], "p95", "request_failed"),
        ([None, None], "median", "request_failed"),
    ],
)
def test_a_request_that_failed_waited_longest(ms: list[int | None], within: str, expected: float | str) -> None:
    found = waits(ms, within)
    assert found == (expected if isinstance(expected, str) else pytest.approx(expected))


def test_their_share_is_told() -> None:
    assert waits([10, None, 30, 40], "mean", "failed_share") == 25.0


def test_other_metrics_are_of_those_that_ended() -> None:
    assert waits([10, None], "sum", "output_tokens") == 1.0
