"""Accuracy and build times are read from what runs recorded, and joined with the baseline of the same model."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from harness.metrics import METRICS
from harness.metrics.definition import PRESENT, REASONS, RunMetric
from harness.outcomes import Missing
from harness.protocols import Score

BASE = Score(20.0, 255, (1, 2, 3, 4, 5, 6, 7, 8)).facts()


def row(facts: dict[str, object], outcome: str = "ok", **asked: object) -> dict[str, object]:
    requested = {"model": "m", "backend": "pytorch", "precision": "fp32"} | asked
    effective = json.dumps({"export_s": 12.5})
    return {
        "outcome": outcome,
        "requested": json.dumps(requested),
        "facts": json.dumps(facts),
        "effective": effective,
    }


def values(metric_id: str, *rows: dict[str, object]) -> list[float | Missing | None]:
    metric = METRICS[metric_id]
    assert isinstance(metric, RunMetric)
    found = metric.compute(pa.Table.from_pylist(list(rows)))
    return [float(v) if r == PRESENT else REASONS[r] for v, r in zip(found.values, found.reason, strict=True)]


def test_perplexity_is_what_the_run_said() -> None:
    assert values("perplexity", row(BASE), row({}), row(BASE, "failed")) == [
        20.0,
        Missing.NOT_REPORTED,
        Missing.RUN_FAILED,
    ]


def test_agreement_counts_the_places_with_the_same_token() -> None:
    half = Score(21.0, 255, (1, 2, 9, 4, 5, 6, 7, 9)).facts()
    found = values("greedy_agreement", row(half, precision="int8"), row(BASE), row({}, precision="bf16"))
    assert found == [pytest.approx(75.0), 100.0, Missing.NOT_REPORTED]


def test_only_the_plain_fp32_run_of_the_same_model_is_a_baseline() -> None:
    assert values("greedy_agreement", row(BASE, compile="default"), row(BASE, backend="onnx_runtime")) == [
        Missing.NOT_APPLICABLE,
        Missing.NOT_APPLICABLE,
    ]
    assert (
        values("greedy_agreement", row(BASE), row(BASE, model="other", precision="int8"))[1] is Missing.NOT_APPLICABLE
    )


def test_an_engine_that_says_no_tokens_is_not_judged() -> None:
    told = ("perplexity", "tokens", "greedy", "logit_difference")
    assert Score().facts() == {f"accuracy.{name}": None for name in told}


def test_how_far_logits_stray_is_what_the_run_said() -> None:
    strayed = Score(logit_difference=0.25).facts()
    assert values("logit_difference", row(strayed), row({}), row(strayed, "failed")) == [
        0.25,
        Missing.NOT_REPORTED,
        Missing.RUN_FAILED,
    ]


def test_build_times() -> None:
    compiled = row({"evidence.compile_s": 31.0})
    assert values("compile_time", compiled, row({}), row({"evidence.compile_s": 0})) == [
        31.0,
        Missing.NOT_REPORTED,
        0.0,
    ]
    assert values("export_time", compiled) == [12.5]
