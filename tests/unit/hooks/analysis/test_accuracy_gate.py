"""The gate judges by the limits of the row's precision, and never guesses."""

from __future__ import annotations

import pytest

from harness.design import Gate
from hooks.analysis.accuracy_gate import FAILS, PASSES, UNKNOWN, _verdict

GATE = Gate("int8", 1.25, 85.0)


@pytest.mark.parametrize(
    ("gate", "ratio", "agreement", "verdict"),
    [
        (GATE, 1.2, 90.0, PASSES),
        (GATE, 1.3, 90.0, FAILS),
        (GATE, 1.2, 80.0, FAILS),
        (GATE, None, 90.0, PASSES),
        (GATE, None, 80.0, FAILS),
        (GATE, 1.2, None, PASSES),
        (GATE, None, None, UNKNOWN),
        (None, 1.0, 100.0, UNKNOWN),
    ],
)
def test_the_verdict(gate: Gate | None, ratio: float | None, agreement: float | None, verdict: str) -> None:
    assert _verdict(gate, ratio, agreement) == verdict


@pytest.mark.parametrize(
    ("ratio", "agreement", "strayed", "verdict"),
    [
        (1.0, 100.0, 0.0009, PASSES),
        (1.0, 100.0, 0.0011, FAILS),
        (1.0, 100.0, None, PASSES),
        (None, None, 0.0009, UNKNOWN),
        (None, None, 0.0011, FAILS),
    ],
)
def test_logits_are_judged_where_the_study_limits_them(
    ratio: float | None, agreement: float | None, strayed: float | None, verdict: str
) -> None:
    assert _verdict(Gate("fp32", 1.01, 99.0, 0.001), ratio, agreement, strayed) == verdict
    assert _verdict(Gate("fp32", 1.01, 99.0), 1.0, 100.0, strayed) == PASSES
