"""Client-side metrics against cases computed by hand."""

from __future__ import annotations

import pytest

from harness.metrics import METRICS
from harness.metrics.columns import batch_of
from harness.metrics.definition import PRESENT, REASONS, Evaluated, Gaps, RateMetric, RequestMetric
from harness.outcomes import Missing
from tests.support.tables import MS, requests_table

PLAIN = {"sent_ns": 2 * MS, "connect_ns": 1 * MS, "arrivals_ns": [12 * MS, 22 * MS, 42 * MS]}
ONE = {"sent_ns": 0, "arrivals_ns": [7 * MS]}
NONE: dict[str, object] = {"sent_ns": 0, "arrivals_ns": []}
FAILED = {"outcome": "failed", "outcome_code": "closed_early", "sent_ns": 0, "arrivals_ns": [5 * MS, 6 * MS]}
COALESCED = {"sent_ns": 0, "arrivals_ns": [10 * MS, 40 * MS], "tokens": [2, 3]}
AT_ONCE = {"sent_ns": 0, "arrivals_ns": [10 * MS], "tokens": [4]}


def evaluate(metric_id: str, *rows: dict[str, object]) -> Evaluated:
    metric = METRICS[metric_id]
    assert isinstance(metric, RequestMetric | RateMetric)
    return metric.compute(batch_of(requests_table(rows)))


def one(metric_id: str, row: dict[str, object]) -> float | Missing | None:
    result = evaluate(metric_id, row)
    assert len(result) == 1
    return float(result.values[0]) if result.reason[0] == PRESENT else REASONS[result.reason[0]]


@pytest.mark.parametrize(
    ("metric_id", "row", "expected"),
    [
        ("ttft", PLAIN, 12.0),
        ("ttft", ONE, 7.0),
        ("ttft", COALESCED, 10.0),
        ("ttft", NONE, Missing.NO_TOKENS),
        ("ttft", FAILED, Missing.REQUEST_FAILED),
        ("ttft_from_send", PLAIN, 10.0),
        ("ttft_from_send", {"arrivals_ns": [1]}, Missing.NOT_REPORTED),
        ("ttft_from_send", NONE, Missing.NO_TOKENS),
        ("ttft_from_send", FAILED, Missing.REQUEST_FAILED),
        ("tpot", PLAIN, 15.0),
        ("tpot", ONE, Missing.ONE_TOKEN),
        ("tpot", NONE, Missing.NO_TOKENS),
        ("tpot", FAILED, Missing.REQUEST_FAILED),
        ("tpot", COALESCED, 7.5),
        ("tpot", AT_ONCE, Missing.NOT_APPLICABLE),
        ("decode_tps", PLAIN, 2 / 0.030),
        ("decode_tps", ONE, Missing.ONE_TOKEN),
        ("decode_tps", NONE, Missing.NO_TOKENS),
        ("decode_tps", FAILED, Missing.REQUEST_FAILED),
        ("decode_tps", COALESCED, 3 / 0.030),
        ("decode_tps", AT_ONCE, Missing.NOT_APPLICABLE),
        ("e2e_latency", PLAIN, 42.0),
        ("e2e_latency", ONE, 7.0),
        ("e2e_latency", NONE, Missing.NO_TOKENS),
        ("e2e_latency", FAILED, Missing.REQUEST_FAILED),
        ("output_tokens", COALESCED, 5.0),
        ("output_tokens", NONE, 0.0),
        ("output_tokens", FAILED, Missing.REQUEST_FAILED),
        ("schedule_delay", PLAIN, 2.0),
        ("schedule_delay", {"arrivals_ns": [1]}, Missing.NOT_REPORTED),
        ("schedule_delay", FAILED, Missing.REQUEST_FAILED),
        ("connect_time", PLAIN, 1.0),
        ("connect_time", ONE, Missing.NOT_REPORTED),
    ],
)
def test_one_request(metric_id: str, row: dict[str, object], expected: float | Missing) -> None:
    found = one(metric_id, row)
    assert found == (expected if isinstance(expected, Missing) else pytest.approx(expected))


def test_a_degraded_request_counts() -> None:
    assert one("ttft", PLAIN | {"outcome": "degraded", "outcome_code": "bad_counter"}) == 12.0


def test_ttft_is_schedule_delay_plus_ttft_from_send() -> None:
    assert one("ttft", PLAIN) == pytest.approx(evaluate("schedule_delay", PLAIN).values[0] + 10.0)


def gaps(*rows: dict[str, object]) -> Gaps:
    metric = METRICS["itl"]
    result = metric.compute(batch_of(requests_table(rows)))  # type: ignore[attr-defined]
    assert isinstance(result, Gaps)
    return result


def test_itl_of_single_token_chunks() -> None:
    found = gaps(PLAIN)
    assert found.values.tolist() == [10.0, 20.0]
    assert found.coalesced.tolist() == [False, False]


def test_itl_flags_the_zeros_of_coalesced_chunks() -> None:
    found = gaps(COALESCED)
    assert found.values.tolist() == [0.0, 30.0, 0.0, 0.0]
    assert found.coalesced.tolist() == [True, False, True, True]


def test_itl_belongs_to_its_request_and_skips_those_without_gaps() -> None:
    found = gaps(ONE, PLAIN, FAILED, NONE, COALESCED)
    assert found.row.tolist() == [1, 1, 4, 4, 4, 4]
    assert found.values.tolist() == [10.0, 20.0, 0.0, 30.0, 0.0, 0.0]
    assert [REASONS[code] for code in found.reason] == [
        Missing.ONE_TOKEN,
        None,
        Missing.REQUEST_FAILED,
        Missing.NO_TOKENS,
        None,
    ]


def test_itl_without_any_request() -> None:
    assert gaps().values.tolist() == []


def test_a_chunk_without_a_token_is_left_out() -> None:
    row = {"sent_ns": 0, "arrivals_ns": [5 * MS, 10 * MS, 20 * MS, 30 * MS], "tokens": [0, 1, 1, 0]}
    assert one("ttft", row) == 10.0
    assert one("e2e_latency", row) == 20.0
    assert one("decode_tps", row) == pytest.approx(100.0)
    assert gaps(PLAIN, row, PLAIN).values.tolist() == [10.0, 20.0, 10.0, 10.0, 20.0]
