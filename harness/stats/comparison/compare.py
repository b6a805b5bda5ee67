"""A against B: is there a difference, and how large is it?

The test is the rank sum by the rule of ``rank_sum.py``; where even the most extreme arrangement of so few runs has
p > alpha there is no test, whatever the data. The size of the effect is given always.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..intervals.interval import Estimate
from ..significance.rank_sum import Test, rank_sum
from .effect import cliffs_delta, hedges_g
from .shift import difference, ratio

Verdict = Literal["higher", "lower", "indistinguishable"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A against B. ``test`` is null exactly when ``missing`` says why; ``ratio`` is null for values ≤ 0,
    ``hedges_g`` for fewer than two runs or no spread. ``verdict`` is about A, at ``alpha`` and uncorrected; where
    spreads or numbers differ much the rank sum can find *some* difference, so the interval must exclude 0 as well."""

    n_a: int
    n_b: int
    difference: Estimate
    ratio: Estimate | None
    test: Test | None
    missing: Missing | None
    cliffs_delta: float
    hedges_g: float | None
    alpha: float

    @property
    def verdict(self) -> Verdict:
        interval = self.difference.interval
        if self.test is None or self.test.p_value > self.alpha or interval is None:
            return "indistinguishable"
        return "higher" if interval.low > 0 else "lower" if interval.high < 0 else "indistinguishable"


def compare(a: Floats, b: Floats, alpha: float = 0.05) -> Comparison:
    """Independent samples ``(n,)`` and ``(m,)``, one value per run. Intervals have level 1 − alpha.

    Raises ``NoValue(TOO_FEW_RUNS)`` where a sample is empty.
    """
    a, b = sample(a), sample(b)
    if not len(a) or not len(b):
        raise NoValue(Missing.TOO_FEW_RUNS)
    tested, missing = _tested(a, b, alpha)
    return Comparison(
        n_a=len(a),
        n_b=len(b),
        difference=difference(a, b, 1 - alpha),
        ratio=ratio(a, b, 1 - alpha) if a.min() > 0 and b.min() > 0 else None,
        test=tested,
        missing=missing,
        cliffs_delta=cliffs_delta(a, b),
        hedges_g=hedges_g(a, b),
        alpha=alpha,
    )


def _tested(a: Floats, b: Floats, alpha: float) -> tuple[Test | None, Missing | None]:
    try:
        return rank_sum(a, b, alpha=alpha), None
    except NoValue as none:
        return None, none.reason
