"""Laws that every metric obeys, whatever the stream."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.metrics import METRICS
from harness.metrics.columns import batch_of
from harness.metrics.definition import PRESENT, RateMetric, RequestMetric, TokenMetric
from harness.metrics.runs import per_run
from tests.support.tables import requests_table, runs_table

PER_REQUEST = [m for m in METRICS.values() if isinstance(m, RequestMetric | RateMetric)]
ITL = METRICS["itl"]
assert isinstance(ITL, TokenMetric)

counters = st.none() | st.integers(-2, 50)
durations = st.none() | st.floats(-1, 1e6, allow_nan=False)


@st.composite
def streams(draw: st.DrawFn) -> dict[str, object]:
    arrivals = sorted(draw(st.lists(st.integers(1, 10**10), max_size=8)))
    outcome = draw(st.sampled_from(["ok", "ok", "ok", "degraded", "failed", "unsupported"]))
    return {
        "arrivals_ns": arrivals,
        "tokens": draw(st.lists(st.integers(0, 4), min_size=len(arrivals), max_size=len(arrivals))),
        "outcome": outcome,
        "connect_ns": draw(st.none() | st.integers(0, 10**9)),
        "sent_ns": draw(st.none() | st.integers(-(10**6), 10**9)),
        "engine_prompt_n": draw(counters),
        "engine_cache_n": draw(counters),
        "engine_prompt_ms": draw(durations),
        "engine_predicted_n": draw(counters),
        "engine_predicted_ms": draw(durations),
        "run_id": draw(st.sampled_from(["r1", "r2", "r3"])),
    }


batches = st.lists(streams(), min_size=1, max_size=8)


@given(batches, st.data())
@settings(max_examples=60, deadline=None)
def test_splitting_a_batch_changes_nothing(rows: list[Mapping[str, object]], data: st.DataObject) -> None:
    table = requests_table(rows)
    cut = data.draw(st.integers(0, len(rows)))
    every, first, second = batch_of(table), batch_of(table.slice(0, cut)), batch_of(table.slice(cut))
    for metric in PER_REQUEST:
        whole, parts = metric.compute(every), [metric.compute(first), metric.compute(second)]
        np.testing.assert_array_equal(whole.values, np.concatenate([part.values for part in parts]))
        np.testing.assert_array_equal(whole.reason, np.concatenate([part.reason for part in parts]))
    gaps, before, after = ITL.compute(every), ITL.compute(first), ITL.compute(second)
    np.testing.assert_array_equal(gaps.values, np.concatenate((before.values, after.values)))
    np.testing.assert_array_equal(gaps.row, np.concatenate((before.row, after.row + cut)))


@given(batches)
@settings(max_examples=60, deadline=None)
def test_values_are_within_their_bounds(rows: list[Mapping[str, object]]) -> None:
    batch = batch_of(requests_table(rows))
    found = {metric.id: metric.compute(batch) for metric in PER_REQUEST}
    for metric_id in set(found) - {"schedule_delay", "ttft_from_send", "e2e_from_send"}:
        assert (found[metric_id].present >= 0).all(), metric_id
    both = (found["ttft"].reason == PRESENT) & (found["e2e_latency"].reason == PRESENT)
    assert (found["e2e_latency"].values[both] >= found["ttft"].values[both]).all()
    assert (found["output_tokens"].reason == PRESENT).tolist() == batch.usable.tolist()


@given(batches)
@settings(max_examples=60, deadline=None)
def test_the_identities_between_metrics(rows: list[Mapping[str, object]]) -> None:
    batch = batch_of(requests_table(rows))
    value = {metric.id: metric.compute(batch).values for metric in PER_REQUEST}
    np.testing.assert_allclose(value["schedule_delay"] + value["ttft_from_send"], value["ttft"] + 0 * batch.sent_ns)
    after_the_first = (batch.token_n - batch.first_n) / np.maximum(batch.token_n - 1, 1)
    np.testing.assert_allclose(
        value["tpot"] * value["decode_tps"], 1000 * after_the_first + 0 * value["decode_tps"], atol=1e-9
    )
    span = value["tpot"] * (value["output_tokens"] - 1)
    np.testing.assert_allclose(value["ttft"] + span, value["e2e_latency"] + 0 * span)


@given(batches)
@settings(max_examples=60, deadline=None)
def test_gaps_number_one_less_than_tokens_and_add_up_to_the_window(rows: list[Mapping[str, object]]) -> None:
    batch = batch_of(requests_table(rows))
    gaps = ITL.compute(batch)
    there = gaps.reason == PRESENT
    counts = np.bincount(gaps.row, minlength=len(batch))
    np.testing.assert_array_equal(counts[there], batch.token_n[there] - 1)
    assert not counts[~there].any()
    sums = np.bincount(gaps.row, weights=gaps.values, minlength=len(batch))
    np.testing.assert_allclose(sums[there], (batch.last_ns - batch.first_ns)[there] / 1e6)
    assert (gaps.values[gaps.coalesced] == 0).all()


@given(batches)
@settings(max_examples=60, deadline=None)
def test_a_failed_request_never_gives_a_value(rows: list[Mapping[str, object]]) -> None:
    batch = batch_of(requests_table([dict(row) | {"outcome": "failed"} for row in rows]))
    for metric in PER_REQUEST:
        assert metric.id == "failed_share" or not len(metric.compute(batch).present)
    assert not len(ITL.compute(batch).values)


@given(batches, st.sampled_from(["mean", "median", "min", "max"]), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_runs_do_not_depend_on_the_order_or_the_batches_of_requests(
    rows: list[Mapping[str, object]], within: str, random: object
) -> None:
    runs, table = runs_table([{}, {}, {}]), requests_table(rows)
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    for metric_id in ("ttft", "decode_tps", "itl"):
        whole = per_run(runs, table, metric_id, within=within)
        shuffled = per_run(runs, table.take(pa.array(order)), metric_id, within=within)
        streamed = per_run(runs, iter(table.to_batches(max_chunksize=2)), metric_id, within=within)
        for other in (shuffled, streamed):
            np.testing.assert_allclose(other.values, whole.values)
            np.testing.assert_array_equal(other.reason, whole.reason)
            np.testing.assert_array_equal(other.requests, whole.requests)


@given(batches)
@settings(max_examples=30, deadline=None)
def test_a_pooled_rate_lies_between_its_extremes(rows: list[Mapping[str, object]]) -> None:
    runs, table = runs_table([{}, {}, {}]), requests_table(rows)
    found = {within: per_run(runs, table, "tpot", within=within).present for within in ("min", "pooled", "max")}
    assert (found["min"] <= found["pooled"] * (1 + 1e-9)).all()
    assert (found["pooled"] <= found["max"] * (1 + 1e-9)).all()
