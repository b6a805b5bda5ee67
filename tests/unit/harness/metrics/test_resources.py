"""Memory, layers and what others take, from what runs tell; telemetry overhead from pairs of requests, by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa
import pytest

from harness.metrics import METRICS
from harness.metrics.definition import REASONS, Evaluated, RunMetric, TablesMetric
from harness.outcomes import Missing
from tests.support.tables import requests_table, runs_table

MIB = 1 << 20


def asked(metric_id: str, **told: object) -> list[float | Missing | None]:
    metric = METRICS[metric_id]
    assert isinstance(metric, RunMetric)
    found = metric.compute(runs_table([{name: json.dumps(value) for name, value in told.items()}]))
    return values(found)


def values(found: Evaluated) -> list[float | Missing | None]:
    return [REASONS[code] or float(value) for code, value in zip(found.reason, found.values, strict=True)]


@pytest.mark.parametrize(
    ("metric_id", "effective", "number"),
    [
        ("kv_cache", {"kv_bytes": 45 * MIB, "kv_sliding_bytes": None}, 45.0),
        ("kv_cache", {"kv_bytes": 6 * MIB, "kv_sliding_bytes": 15 * MIB}, 21.0),
        ("compute_buffers", {"compute_bytes": MIB, "output_bytes": MIB}, 2.0),
        ("weights_copied", {"copied_bytes": 0}, 0.0),
        ("kv_cache", {"kv_bytes": None}, Missing.NOT_REPORTED),
        ("kv_cache", {"kv_bytes": True}, Missing.NOT_REPORTED),
    ],
)
def test_buffers_are_those_that_the_engine_reports(
    metric_id: str, effective: dict[str, object], number: float | Missing
) -> None:
    assert asked(metric_id, effective=effective) == [number]


def test_parts_are_told_and_compared_with_the_clock() -> None:
    facts = {
        "layers.decode.attention": 3.0,
        "layers.decode.told": 9.9,
        "layers.decode.profiled": 10.0,
        "layers.decode.plain": 8.0,
        "layers.prefill.told": 1.0,
        "layers.prefill.profiled": 0.0,
    }
    assert asked("layer_decode_attention", facts=facts) == [3.0]
    assert asked("layer_decode_sum", facts=facts) == [pytest.approx(-1.0)]
    assert asked("layer_decode_cost", facts=facts) == [pytest.approx(25.0)]
    assert asked("layer_prefill_sum", facts=facts) == [Missing.BAD_COUNTER]
    assert asked("layer_prefill_cost", facts=facts) == [Missing.NOT_REPORTED]


def test_what_others_take_is_a_percentage_of_one_processor() -> None:
    facts = {"after.foreign_cpu": 0.25, "after.steal": 0.01}
    assert asked("foreign_cpu", facts=facts) == [25.0]
    assert asked("stolen_cpu", facts=facts) == [1.0]


class Requests:
    """A dataset that has nothing but requests, which end after a second."""

    def __init__(self, *rows: tuple[int, bool, float, int], cpu_ms: Sequence[int] = ()) -> None:
        self.rows = [
            {
                "phase": "measured",
                "engine_predicted_ms": ms,
                "engine_predicted_n": tokens,
                "end_ns": 1_000_000_000,
                "effective": json.dumps(
                    {"pair": pair, "watched": watched} | ({"client_cpu_ns": cpu * 1_000_000} if cpu else {}),
                    separators=(",", ":"),
                ),
            }
            for (pair, watched, ms, tokens), cpu in zip(rows, cpu_ms or [0] * len(rows), strict=True)
        ]

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        assert name == "requests"
        return requests_table(self.rows).select(list(columns or ()))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(0, True, 102.0, 11), (0, False, 100.0, 11)], 2.0),
        ([(0, True, 102.0, 11), (0, False, 50.0, 6), (1, False, 10.0, 11), (1, True, 10.6, 11)], 4.0),
        ([(0, True, 102.0, 11), (1, False, 100.0, 11)], Missing.NOT_APPLICABLE),
        ([(0, True, 102.0, 1), (0, False, 100.0, 11)], Missing.NOT_APPLICABLE),
        ([], Missing.NOT_APPLICABLE),
    ],
)
def test_the_overhead_is_that_of_pairs(rows: list[tuple[int, bool, float, int]], expected: float | Missing) -> None:
    assert of_pairs("telemetry_overhead", Requests(*rows)) == [
        expected if isinstance(expected, Missing) else pytest.approx(expected)
    ]


def test_the_processor_time_is_that_with_telemetry_less_that_without() -> None:
    rows = [(0, True, 9.0, 2), (0, False, 9.0, 2), (1, False, 9.0, 2), (1, True, 9.0, 2)]
    assert of_pairs("telemetry_cpu", Requests(*rows, cpu_ms=[30, 20, 20, 50])) == [pytest.approx(2.0)]
    assert of_pairs("telemetry_cpu", Requests(*rows)) == [Missing.NOT_APPLICABLE]


def of_pairs(metric_id: str, requests: Requests) -> list[float | Missing | None]:
    metric = METRICS[metric_id]
    assert isinstance(metric, TablesMetric)
    return values(metric.of(runs_table([{}]), requests))
