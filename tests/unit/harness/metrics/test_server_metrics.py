"""Metrics from the engine's counters against cases computed by hand."""

from __future__ import annotations

import math

import pytest

from harness.metrics import METRICS
from harness.metrics.columns import batch_of
from harness.metrics.definition import PRESENT, REASONS, RateMetric, RequestMetric
from harness.outcomes import Missing
from tests.support.tables import requests_table

FULL = {
    "arrivals_ns": [1, 2],
    "engine_prompt_n": 20,
    "engine_cache_n": 0,
    "engine_prompt_ms": 40.0,
    "engine_predicted_n": 17,
    "engine_predicted_ms": 200.0,
}
CACHED = FULL | {"engine_prompt_n": 1, "engine_cache_n": 19, "engine_prompt_ms": 4.0}
UNCACHED = FULL | {"engine_prompt_ms": None, "connect_ns": None}
COMPILING = FULL | {"effective": '{"decode.graphs":1,"prefill.graphs":2}'}
SETTLED = FULL | {"effective": '{"decode.graphs":0,"prefill.graphs":0}'}
OPEN = FULL | {"effective": '{"decode.graphs":null,"prefill.graphs":null}'}
FELL_BACK = FULL | {
    "effective": '{"decode.eager_passes":4,"decode.graphs":0,"prefill.eager_passes":1,"prefill.graphs":0}'
}
BARE = {"arrivals_ns": [1, 2]}
FAILED = FULL | {"outcome": "failed", "outcome_code": "closed_early"}


def one(metric_id: str, row: dict[str, object]) -> float | Missing | None:
    metric = METRICS[metric_id]
    assert isinstance(metric, RequestMetric | RateMetric)
    result = metric.compute(batch_of(requests_table([row])))
    return float(result.values[0]) if result.reason[0] == PRESENT else REASONS[result.reason[0]]


@pytest.mark.parametrize(
    ("metric_id", "row", "expected"),
    [
        ("server_decode_tps", FULL, 80.0),
        ("server_decode_tps", FULL | {"engine_predicted_n": 1}, Missing.ONE_TOKEN),
        ("server_decode_tps", FULL | {"engine_predicted_n": 0}, Missing.NO_TOKENS),
        ("server_decode_tps", FULL | {"engine_predicted_ms": 0.0}, Missing.BAD_COUNTER),
        ("server_decode_tps", FULL | {"engine_predicted_ms": 2.2e-313}, Missing.BAD_COUNTER),
        ("server_decode_tps", FULL | {"engine_predicted_ms": -1.0}, Missing.BAD_COUNTER),
        ("server_decode_tps", FULL | {"engine_predicted_ms": math.inf}, Missing.BAD_COUNTER),
        ("server_decode_tps", FULL | {"engine_predicted_ms": None}, Missing.NOT_REPORTED),
        ("server_decode_tps", BARE, Missing.NOT_REPORTED),
        ("server_decode_tps", FAILED, Missing.REQUEST_FAILED),
        ("client_share", FULL | {"arrivals_ns": [0, 50_000_000, 100_000_000], "tokens": [1, 4, 4]}, 100.0),
        ("client_share", FULL | {"arrivals_ns": [0, 125_000_000], "tokens": [1, 8]}, 80.0),
        ("client_share", FULL | {"arrivals_ns": [5]}, Missing.ONE_TOKEN),
        ("client_share", FULL | {"engine_predicted_ms": None}, Missing.NOT_REPORTED),
        ("client_share", FAILED, Missing.REQUEST_FAILED),
        ("server_prefill_tps", FULL, 500.0),
        ("server_prefill_tps", CACHED, 250.0),
        ("server_prefill_tps", FULL | {"engine_prompt_n": 0}, Missing.NOT_APPLICABLE),
        ("server_prefill_tps", FULL | {"engine_prompt_ms": 0.0}, Missing.BAD_COUNTER),
        ("server_prefill_tps", BARE, Missing.NOT_REPORTED),
        ("prefill_latency", FULL, 40.0),
        ("prefill_latency", FULL | {"engine_prompt_n": 0}, Missing.NOT_APPLICABLE),
        ("prefill_latency", UNCACHED, Missing.NOT_REPORTED),
        ("prefill_latency", FAILED, Missing.REQUEST_FAILED),
        ("decode_step", FULL, 12.5),
        ("decode_step", FULL | {"engine_predicted_n": 1}, Missing.ONE_TOKEN),
        ("decode_step", UNCACHED, Missing.NOT_APPLICABLE),
        ("kv_decode_latency", FULL, 200.0),
        ("kv_decode_latency", FULL | {"engine_predicted_n": 1}, Missing.ONE_TOKEN),
        ("kv_decode_latency", UNCACHED, Missing.NOT_APPLICABLE),
        ("e2e_kv", FULL, 240.0),
        ("e2e_kv", UNCACHED, Missing.NOT_REPORTED),
        ("uncached_generate", UNCACHED, 200.0),
        ("uncached_generate", FULL, Missing.NOT_APPLICABLE),
        ("uncached_generate", UNCACHED | {"connect_ns": 5}, Missing.NOT_APPLICABLE),
        ("compiled_graphs", COMPILING, 3.0),
        ("compiled_graphs", SETTLED, 0.0),
        ("compiled_graphs", FULL, Missing.NOT_REPORTED),
        ("compiled_graphs", FULL | {"effective": '{"prefill.graphs":null,"decode.graphs":1}'}, Missing.NOT_REPORTED),
        ("eager_passes", FELL_BACK, 5.0),
        ("eager_passes", FELL_BACK | {"outcome": "failed", "outcome_code": "closed_early"}, Missing.REQUEST_FAILED),
        ("eager_passes", SETTLED, Missing.NOT_REPORTED),
        ("compiled_graphs", FELL_BACK, 0.0),
        ("e2e_compiling", COMPILING, 240.0),
        ("e2e_compiling", SETTLED, Missing.NOT_APPLICABLE),
        ("e2e_compiling", FULL, Missing.NOT_REPORTED),
        ("e2e_settled", SETTLED, 240.0),
        ("e2e_settled", COMPILING, Missing.NOT_APPLICABLE),
        ("compile_stalls", COMPILING, 1.0),
        ("compile_stalls", SETTLED, 0.0),
        ("compile_stalls", FULL, Missing.NOT_REPORTED),
        ("stall_share", COMPILING, 100.0),
        ("stall_share", OPEN, Missing.NOT_REPORTED),
        ("stall_time", COMPILING | {"effective": '{"decode.compile_s":7.5,"prefill.compile_s":0.5}'}, 8.0),
        ("stall_time", SETTLED, Missing.NOT_REPORTED),
        ("settled_decode_step", SETTLED, 12.5),
        ("settled_decode_step", FULL, 12.5),
        ("settled_decode_step", COMPILING, Missing.NOT_APPLICABLE),
        ("settled_decode_step", OPEN, Missing.NOT_REPORTED),
        ("settled_decode_tps", SETTLED | {"arrivals_ns": [0, 125_000_000], "tokens": [1, 8]}, 64.0),
        ("settled_decode_tps", COMPILING | {"arrivals_ns": [0, 125_000_000], "tokens": [1, 8]}, Missing.NOT_APPLICABLE),
        ("prompt_tokens", FULL, 20.0),
        ("prompt_tokens", CACHED, 20.0),
        ("prompt_tokens", FULL | {"engine_cache_n": None}, Missing.NOT_REPORTED),
        ("cache_hit_tokens", FULL, 0.0),
        ("cache_hit_tokens", CACHED, 19.0),
        ("cache_hit_tokens", BARE, Missing.NOT_REPORTED),
        ("cache_hit_tokens", CACHED | {"engine_cache_n": -19}, Missing.BAD_COUNTER),
        ("server_output_tokens", FULL, 17.0),
        ("server_output_tokens", BARE, Missing.NOT_REPORTED),
        ("server_output_tokens", FAILED, Missing.REQUEST_FAILED),
    ],
)
def test_one_request(metric_id: str, row: dict[str, object], expected: float | Missing) -> None:
    found = one(metric_id, row)
    assert found == (expected if isinstance(expected, Missing) else pytest.approx(expected))
