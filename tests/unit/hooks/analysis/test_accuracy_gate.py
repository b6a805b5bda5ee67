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
