"""How far apart two independent samples are, with an interval.

Rank sum: the median of all differences a − b (Hodges and Lehmann). Its interval inverts the exact rank-sum test and
holds already with four runs on each side, whatever the common shape, where one sample is the other shifted.

Medians: where the samples are unlike (one has over 1.25 times the runs of the other, or, with six runs or more on
each side, over 2.5 times its standard deviation), a shift does not describe them and that interval covers too little.
Then the medians themselves are subtracted and their uncertainties propagated, which takes six runs on each side.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..intervals.interval import MINIMUM_RUNS, Estimate, Interval
from ..intervals.propagate import propagate
from ..significance.rank_sum import EXACT_PAIRS, null_distribution

MINIMUM_RUNS_EACH = 4
LARGEST_IMBALANCE = 1.25
LARGEST_SPREAD_RATIO = 2.5


def difference(a: Floats, b: Floats, level: float = 0.95) -> Estimate:
    """a − b of samples ``(n,)`` and ``(m,)``; without interval (``TOO_FEW_RUNS``) where n or m is too small.

    Raises ``NoValue(TOO_FEW_RUNS)`` where a sample is empty.
    """
    return _apart(sample(a), sample(b), level)


def _apart(a: Floats, b: Floats, level: float) -> Estimate:
    if not len(a) or not len(b):
        raise NoValue(Missing.TOO_FEW_RUNS)
    if not _alike(a, b):
        medians = propagate((a, b), np.subtract, "median", level)
        return Estimate(medians.value, medians.interval, medians.missing, medians.n, "difference")
    pairs = np.sort(np.subtract.outer(a, b), axis=None)
    n = min(len(a), len(b))
    found = _rank_sum_interval(pairs, len(a), len(b), level) if n >= MINIMUM_RUNS_EACH else None
    return Estimate(float(np.median(pairs)), found, None if found else Missing.TOO_FEW_RUNS, n, "difference")


def _alike(a: Floats, b: Floats) -> bool:
    fewest, most = sorted((len(a), len(b)))
    if most > LARGEST_IMBALANCE * fewest:
        return False
    if fewest < MINIMUM_RUNS["median"]:
        return True
    spreads = float(np.std(a)), float(np.std(b))
    return max(spreads) <= LARGEST_SPREAD_RATIO * min(spreads)


def _rank_sum_interval(pairs: Floats, n: int, m: int, level: float) -> Interval | None:
    rank, weight = _bounds(n, m, level)
    if rank < 1:
        return None
    low = (1 - weight) * pairs[rank - 1] + weight * pairs[rank]
    high = (1 - weight) * pairs[-rank] + weight * pairs[-rank - 1]
    return Interval(float(low), float(high), level, "rank sum")


@cache
def _bounds(n: int, m: int, level: float) -> tuple[int, float]:
    """The order statistic of the pairs to take from each end, 0 for none, and how far to move inward from it."""
    tail = (1 - level) / 2
    if n * m > EXACT_PAIRS:
        from scipy.special import ndtri

        sd = (n * m * (n + m + 1) / 12) ** 0.5
        return int(np.floor(n * m / 2 - float(ndtri(1 - tail)) * sd)), 0.0
    below = np.cumsum(null_distribution(n, m))
    rank = int(np.searchsorted(below, tail, side="right"))
    if rank < 1:
        return 0, 0.0
    return rank, float((tail - below[rank - 1]) / (below[rank] - below[rank - 1]))
