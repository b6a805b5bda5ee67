"""The interval of a derived value, computed again from the blocks of everything that it was computed from.

The published recipe, followed here from its description. Each operand has a confidence distribution: Student's t about
its mean, or for a median the one whose quantile at p is where the sign test of level p ends, interpolated between order
statistics as Hettmansperger and Sheather do. One number is taken from the middle of each of 4000 equal slices of it,
the slices of one operand after another shuffled by one PCG64 generator seeded with 0; the formula is applied slice by
slice. The share left out at each end is 2.5 % times 1 + 1.2 · e · (v − 1). Here v is the inverse Simpson index of the
operands' shares in the squared distance of the 16 and 84 % quantiles, the others held at their estimates, and e the
mean over these shares of √(12 / n), at most 1, for a median and 0 for a mean.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import scipy

from ..reader.values_json import StatedInterval
from .answer import Answer

Floats = npt.NDArray[np.float64]
Formula = Callable[[Sequence[Floats]], Floats]

DRAWS = 4000
LEVEL = 0.95
FEWEST_RUNS = {"median": 6, "mean": 100, "max": float("inf")}


@dataclass(frozen=True)
class Propagation:
    """Measured operands, each given once, and the formula that combines draws of them.

    The formula raises ``ZeroDivisionError`` where the draws of a divisor straddle zero.
    """

    operands: Sequence[Answer]
    formula: Formula

    def interval(self) -> StatedInterval | None:
        """The interval, or ``None`` where the rule has none."""
        runs = [np.array(one.by_block) for one in self.operands]
        thin = any(len(own) < FEWEST_RUNS[one.statistic] for own, one in zip(runs, self.operands, strict=True))
        varied = [one for one in self.operands if len(set(one.by_block)) > 1]
        shared = any(set(one.runs) & set(other.runs) for one, other in combinations(varied, 2))
        if thin or shared or not runs or any(one.withheld for one in self.operands):
            return None
        generator = np.random.Generator(np.random.PCG64(0))
        drawn = [
            (_medians(own) if one.statistic == "median" else _means(own))[generator.permutation(DRAWS)]
            for own, one in zip(runs, self.operands, strict=True)
        ]
        try:
            results = self.formula(drawn)
            left_out = self._left_out(runs, drawn)
        except ZeroDivisionError:
            return None
        if not np.isfinite(results).all():
            return None
        low, high = np.quantile(results, [left_out, 1 - left_out])
        kinds = {one.statistic for one in self.operands}
        method = f"propagated {kinds.pop() if len(kinds) == 1 else 'statistic'}s"
        return StatedInterval(low=float(low), high=float(high), level=LEVEL, method=method)

    def _left_out(self, runs: Sequence[Floats], drawn: Sequence[Floats]) -> float:
        held = [
            np.full(DRAWS, np.median(own) if one.statistic == "median" else np.mean(own))
            for own, one in zip(runs, self.operands, strict=True)
        ]
        spread = np.zeros(len(drawn))
        for k in range(len(drawn)):
            alone = self.formula([drawn[j] if j == k else held[j] for j in range(len(drawn))])
            spread[k] = np.subtract(*np.quantile(alone, [0.84, 0.16])) ** 2
        if not spread.sum():
            return (1 - LEVEL) / 2
        share = spread / spread.sum()
        excess = [
            0.0 if one.statistic == "mean" else min(1.0, (12 / len(own)) ** 0.5)
            for own, one in zip(runs, self.operands, strict=True)
        ]
        return float((1 - LEVEL) / 2 * (1 + 1.2 * (share @ excess) * (1 / (share @ share) - 1)))


def _means(runs: Floats) -> Floats:
    middles = (np.arange(DRAWS) + 0.5) / DRAWS
    means: Floats = runs.mean() + runs.std(ddof=1) / len(runs) ** 0.5 * scipy.stats.t.ppf(middles, len(runs) - 1)
    return means


def _medians(runs: Floats) -> Floats:
    """The quantiles of a median's confidence distribution, smallest first."""
    levels = (np.arange(DRAWS // 2) + 0.5) / DRAWS
    return np.concatenate([_places(np.sort(runs), levels), -_places(np.sort(-runs), levels)[::-1]])


def _places(ordered: Floats, p: Floats) -> Floats:
    """Where one-sided sign tests of the levels ``p`` (under one half) end; the extreme where that lies beyond it."""
    n = len(ordered)
    beyond = scipy.stats.binom.cdf(np.arange(n), n, 0.5)
    k = np.maximum(np.searchsorted(beyond, p, side="right"), 1)
    passed = np.maximum((p - beyond[k - 1]) / (beyond[k] - beyond[k - 1]), 0)
    moved = (n - k) * passed / (k + (n - 2 * k) * passed)
    found: Floats = ordered[k - 1] + moved * (ordered[k] - ordered[k - 1])
    return found
