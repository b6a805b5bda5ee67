"""Weights and the rates of memory, from what runs report."""

from __future__ import annotations

import pytest

from harness.metrics import METRICS
from harness.metrics.definition import REASONS, RunMetric
from harness.outcomes import Missing
from tests.support.tables import runs_table

RUNS = runs_table(
    [
        {"effective": '{"weights_bytes":4194304}', "facts": '{"memory.copied_per_s":2.5e10,"memory.read_per_s":3e10}'},
        {"effective": '{"weights_bytes":null}', "facts": '{"memory.copied_per_s":true,"memory.read_per_s":"fast"}'},
        {"effective": None, "facts": None},
        {
            "effective": '{"weights_bytes":1}',
            "facts": '{"memory.copied_per_s":1,"memory.read_per_s":1}',
            "outcome": "failed",
        },
    ]
)


@pytest.mark.parametrize(
    ("name", "number"), [("weight_bytes", 4.0), ("copy_bandwidth", 25.0), ("read_bandwidth", 30.0)]
)
def test_what_is_reported_is_told_and_nothing_else(name: str, number: float) -> None:
    metric = METRICS[name]
    assert isinstance(metric, RunMetric)
    found = metric.compute(RUNS)
    assert found.present.tolist() == [pytest.approx(number)]
    reasons = [REASONS[code] for code in found.reason]
    assert reasons == [None, Missing.NOT_REPORTED, Missing.NOT_REPORTED, Missing.RUN_FAILED]
