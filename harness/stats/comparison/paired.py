"""A against B in pairs: runs of the same block, or cells that differ in one factor only.

What both members of a pair share, such as the drift of the session, cancels. Test and interval are Wilcoxon's
signed rank: the estimate is the median of all averages of two differences, and its interval holds for any
distribution of differences that is symmetric. Six pairs are the fewest that can reach 95 %.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..intervals.interval import Estimate, Interval
from ..significance.rank_sum import Test
from ..significance.signed_rank import bounds, p_value


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """A against B over ``n`` pairs; ``test`` is null exactly when ``missing`` says why."""

    n: int
    estimate: Estimate
    test: Test | None
    missing: Missing | None
    alpha: float

    @property
    def differs(self) -> bool:
        return self.test is not None and self.test.p_value <= self.alpha


def compare_paired_ratio(a: Floats, b: Floats, alpha: float = 0.05) -> PairedComparison:
    """The ratio a / b of positive pairs ``(n,)``. Raises ``NoValue``, with ``NOT_APPLICABLE`` for values ≤ 0."""
    a, b = sample(a), sample(b)
    if bool((a <= 0).any() or (b <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    found = _compared(np.log(a) - np.log(b), alpha)
    logs = found.estimate.interval
    back = logs and Interval(float(np.exp(logs.low)), float(np.exp(logs.high)), logs.level, logs.method)
    value = float(np.exp(found.estimate.value))
    estimate = Estimate(value, back, found.estimate.missing, found.n, found.estimate.statistic)
    return PairedComparison(found.n, estimate, found.test, found.missing, alpha)


def _compared(differences: Floats, alpha: float) -> PairedComparison:
    n = len(differences)
    if not n:
        raise NoValue(Missing.TOO_FEW_RUNS)
    upper = np.triu_indices(n)
    walsh = np.sort((differences[upper[0]] + differences[upper[1]]) / 2)
    reachable = 2.0 ** (1 - n) <= alpha
    found = _interval(walsh, n, 1 - alpha) if reachable else None
    missing = None if reachable else Missing.TOO_FEW_RUNS
    estimate = Estimate(float(np.median(walsh)), found, missing, n, "paired ratio")
    test = Test(p_value(differences), "signed rank", 2.0 ** (1 - n)) if reachable else None
    return PairedComparison(n, estimate, test, missing, alpha)


def _interval(walsh: Floats, n: int, level: float) -> Interval:
    rank, weight = bounds(n, level)
    low = (1 - weight) * walsh[rank - 1] + weight * walsh[rank]
    high = (1 - weight) * walsh[-rank] + weight * walsh[-rank - 1]
    return Interval(float(low), float(high), level, "signed rank")
