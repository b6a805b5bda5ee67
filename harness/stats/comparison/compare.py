"""A against B: is there a difference, and how large is it?

The test is the rank sum by the rule of ``rank_sum.py``; where even the most extreme arrangement of so few runs has
p > alpha there is no test, whatever the data. The size of the difference is given always.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...outcomes import NoValue
from ..arrays import Floats, sample
from ..intervals.interval import Estimate
from ..significance.rank_sum import Test, rank_sum
from .shift import difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """A minus B, and the test of it, uncorrected; null with too few runs."""

    difference: Estimate
    test: Test | None


def compare(a: Floats, b: Floats, alpha: float = 0.05) -> Comparison:
    """Independent samples ``(n,)`` and ``(m,)``, one value per run. The interval has level 1 − alpha.

    Raises ``NoValue(TOO_FEW_RUNS)`` where a sample is empty.
    """
    a, b = sample(a), sample(b)
    found = difference(a, b, 1 - alpha)
    try:
        return Comparison(found, rank_sum(a, b, alpha=alpha))
    except NoValue:
        return Comparison(found, None)
