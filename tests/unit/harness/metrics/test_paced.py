"""How far a client is behind a server that says when it wrote, by hand."""

from __future__ import annotations

import json

import pytest

from harness.metrics.runs import per_run
from harness.outcomes import Missing
from tests.support.tables import MS, requests_table, runs_table

WRITES = [10 * MS, 20 * MS, 30 * MS, 40 * MS]


def asked(
    metric_id: str,
    writes: list[int] | None,
    arrivals: list[int],
    tokens: list[int] | None = None,
    within: str = "mean",
) -> float | str:
    effective = json.dumps({"writes_ns": " ".join(map(str, writes))} if writes is not None else {})
    request = {"arrivals_ns": arrivals, "tokens": tokens or [1] * len(arrivals), "effective": effective}
    found = per_run(runs_table([{}]), requests_table([request]), metric_id, within=within)
    return str(found.missing) if found.missing else float(found.values[0])


@pytest.mark.parametrize(
    ("metric_id", "arrivals", "tokens", "expected"),
    [
        ("arrival_lag", [11 * MS, 21 * MS, 31 * MS, 41 * MS], None, 1.0),
        ("arrival_lag", [12 * MS, 24 * MS, 36 * MS, 48 * MS], None, 5.0),
        ("arrival_lag", [11 * MS, 42 * MS], [1, 3], (1 + 22 + 12 + 2) / 4),
        ("offered_tps", [11 * MS, 21 * MS, 31 * MS, 41 * MS], None, 100.0),
        ("received_share", [11 * MS, 21 * MS, 31 * MS, 41 * MS], None, 100.0),
        ("received_share", [12 * MS, 32 * MS, 52 * MS, 72 * MS], None, 50.0),
    ],
)
def test_lag_and_rates_by_hand(metric_id: str, arrivals: list[int], tokens: list[int] | None, expected: float) -> None:
    assert asked(metric_id, WRITES, arrivals, tokens) == pytest.approx(expected)


@pytest.mark.parametrize("metric_id", ["arrival_lag", "token_lag", "offered_tps", "received_share"])
@pytest.mark.parametrize(("writes", "arrivals"), [(None, [1, 2]), ([1, 2, 3], [4, 5]), ([1], [2])])
def test_a_server_that_says_nothing_or_something_else_gives_no_number(
    metric_id: str, writes: list[int] | None, arrivals: list[int]
) -> None:
    assert Missing.NOT_REPORTED in str(asked(metric_id, writes, arrivals))


@pytest.mark.parametrize(("within", "expected"), [("mean", 9.25), ("median", 7.0), ("max", 22.0), ("min", 1.0)])
def test_the_lag_of_each_token_by_hand(within: str, expected: float) -> None:
    assert asked("token_lag", WRITES, [11 * MS, 42 * MS], [1, 3], within) == pytest.approx(expected)


def test_the_p95_of_lag_needs_as_many_tokens_as_any() -> None:
    writes = [n * MS for n in range(1, 101)]
    late = [(n + (50 if n > 90 else 1)) * MS for n in range(1, 101)]
    assert asked("token_lag", writes, late, within="p95") == 50.0
    assert Missing.TOO_FEW_SAMPLES in str(asked("token_lag", writes[:58], late[:58], within="p95"))


def test_a_request_that_failed_has_no_lag() -> None:
    effective = json.dumps({"writes_ns": " ".join(map(str, WRITES))})
    request = {"arrivals_ns": [11 * MS] * 4, "tokens": [1] * 4, "effective": effective, "outcome": "failed"}
    found = per_run(runs_table([{}]), requests_table([request]), "token_lag")
    assert list(found.missing) == [Missing.REQUEST_FAILED]


def test_tokens_written_at_one_instant_have_no_rate() -> None:
    assert Missing.NOT_REPORTED in str(asked("offered_tps", [5, 5], [6, 7]))
