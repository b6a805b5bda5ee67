"""How far apart two independent samples are: Hodges and Lehmann's estimate with the rank-sum interval.

``difference`` is the median of all differences a − b, ``ratio`` the median of all quotients a / b. Their
intervals invert the exact Mann–Whitney test: they exclude 0, or 1, when that test finds a difference. They hold
where the samples differ by a shift (or a factor), whatever their common shape, already with few runs; where
spreads differ much they are approximate.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from ..outcomes import Missing, NoValue
from .arrays import Floats, sample
from .interval import Estimate, Interval
from .rank_sum import null_distribution

MINIMUM_RUNS_EACH = 4
"""Below four runs on each side no interval is given, even where the test could reach its level."""


def difference(a: Floats, b: Floats, level: float = 0.95) -> Estimate:
    """a − b of samples ``(n,)`` and ``(m,)``; without interval (``TOO_FEW_RUNS``) where n or m is too small.

    Raises ``NoValue(TOO_FEW_RUNS)`` where a sample is empty.
    """
    return _estimate(sample(a), sample(b), level, "difference")


def ratio(a: Floats, b: Floats, level: float = 0.95) -> Estimate:
    """a / b of positive samples ``(n,)`` and ``(m,)``.

    Raises ``NoValue``: ``TOO_FEW_RUNS`` where a sample is empty, ``NOT_APPLICABLE`` where a value is not positive.
    """
    a, b = sample(a), sample(b)
    if bool((a <= 0).any() or (b <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    logs = _estimate(np.log(a), np.log(b), level, "ratio")
    found = logs.interval
    back = found and Interval(float(np.exp(found.low)), float(np.exp(found.high)), found.level, found.method)
    return Estimate(float(np.exp(logs.value)), back, logs.missing, logs.n, logs.statistic)


def _estimate(a: Floats, b: Floats, level: float, statistic: str) -> Estimate:
    if not len(a) or not len(b):
        raise NoValue(Missing.TOO_FEW_RUNS)
    pairs = np.sort(np.subtract.outer(a, b), axis=None)
    value, n = float(np.median(pairs)), min(len(a), len(b))
    found = _interval(pairs, len(a), len(b), level) if n >= MINIMUM_RUNS_EACH else None
    return Estimate(value, found, None if found else Missing.TOO_FEW_RUNS, n, statistic)


def _interval(pairs: Floats, n: int, m: int, level: float) -> Interval | None:
    rank, weight = _rank(n, m, level)
    if rank < 1:
        return None
    low = (1 - weight) * pairs[rank - 1] + weight * pairs[rank]
    high = (1 - weight) * pairs[-rank] + weight * pairs[-rank - 1]
    return Interval(float(low), float(high), level, "rank sum")


def _rank(n: int, m: int, level: float) -> tuple[int, float]:
    """The order statistic of the pairs to take from each end, and how far to move inward from it."""
    tail = (1 - level) / 2
    if n * m > EXACT_PAIRS:
        sd = (n * m * (n + m + 1) / 12) ** 0.5
        return int(np.floor(n * m / 2 - float(norm.ppf(1 - tail)) * sd)), 0.0
    below = np.cumsum(null_distribution(n, m))
    rank = int(np.searchsorted(below, tail, side="right"))
    if rank < 1:
        return 0, 0.0
    return rank, float((tail - below[rank - 1]) / (below[rank] - below[rank - 1]))


EXACT_PAIRS = 2500
