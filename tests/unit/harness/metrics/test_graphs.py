"""What runs tell of their graphs: every step of making them, their size, and where their nodes ran."""

from __future__ import annotations

import pytest

from harness.metrics import METRICS
from harness.metrics.definition import REASONS, RunMetric
from harness.outcomes import Missing
from tests.support.tables import runs_table

RUNS = runs_table(
    [
        {
            "effective": '{"export_s":20,"quantise_s":5.5,"optimise_s":1.5,"disk_bytes":2097152}',
            "facts": '{"placement.nodes":90,"placement.fallback_nodes":0}',
        },
        {"effective": '{"export_s":20,"optimise_s":null}', "facts": '{"placement.nodes":90}'},
        {"effective": None, "facts": None},
    ]
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("quantise_time", [5.5, Missing.NOT_APPLICABLE, Missing.NOT_REPORTED]),
        ("optimise_time", [1.5, Missing.NOT_APPLICABLE, Missing.NOT_REPORTED]),
        ("build_time", [27.0, 20.0, Missing.NOT_REPORTED]),
        ("disk_size", [2.0, Missing.NOT_REPORTED, Missing.NOT_REPORTED]),
        ("graph_nodes", [90.0, 90.0, Missing.NOT_REPORTED]),
        ("fallback_nodes", [0.0, Missing.NOT_REPORTED, Missing.NOT_REPORTED]),
    ],
)
def test_what_is_reported_is_told_and_a_step_not_taken_takes_no_time(name: str, told: list[float | Missing]) -> None:
    metric = METRICS[name]
    assert isinstance(metric, RunMetric)
    found = metric.compute(RUNS)
    reasons = [REASONS[code] for code in found.reason]
    assert [reason or value for value, reason in zip(found.values.tolist(), reasons, strict=True)] == told
