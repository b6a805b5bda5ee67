"""Intervals for one sample of runs, each from the n at which its coverage was shown by simulation.

``median``  interpolated order statistics (Hettmansperger and Sheather 1986); no distribution is assumed.
``mean``    Student's t; skewed runs need many of them before it holds.

The minimum numbers of runs are decided by ``tests/benchmarks/coverage_simulation.py``, whose figures the
methodology page shows: below them no method that we know covers 95 ± 1 % for all the shapes it tries, so none
is printed. (With 7 runs Student's t covers 90 to 96 %, depending on the shape; the percentile bootstrap of a mean
83 to 89 %.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from . import binomial

Statistic = Literal["median", "mean"]

MINIMUM_RUNS: dict[Statistic, int] = {"median": 6, "mean": 100}


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval; ``level`` is its nominal coverage, ``method`` says how it was made."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic of ``n`` runs; ``interval`` is null exactly when ``missing`` says why."""

    value: float
    interval: Interval | None
    missing: Missing | None
    n: int
    statistic: str

    def withheld(self, reason: Missing) -> Estimate:
        """The same number without its interval, as where the runs are not independent."""
        return replace(self, interval=None, missing=reason)


def estimate(values: Floats, statistic: Statistic = "median", level: float = 0.95) -> Estimate:
    """The statistic of ``values (n,)``, one value per run, with its interval or the reason for none.

    Raises ``NoValue(TOO_FEW_RUNS)`` without any value.
    """
    runs = sample(values)
    if not len(runs):
        raise NoValue(Missing.TOO_FEW_RUNS)
    value = float(np.median(runs) if statistic == "median" else np.mean(runs))
    try:
        return Estimate(value, interval(runs, statistic, level), None, len(runs), statistic)
    except NoValue as none:
        return Estimate(value, None, none.reason, len(runs), statistic)


def interval(values: Floats, statistic: Statistic = "median", level: float = 0.95) -> Interval:
    """The interval of the statistic over ``values (n,)``, one value per run, independent of each other.

    Raises ``NoValue(TOO_FEW_RUNS)`` below ``MINIMUM_RUNS`` or where the level is out of reach for n.
    """
    runs = sample(values)
    if len(runs) < MINIMUM_RUNS[statistic]:
        raise NoValue(Missing.TOO_FEW_RUNS)
    return median_interval(runs, level) if statistic == "median" else mean_interval(runs, level)


def median_interval(values: Floats, level: float = 0.95) -> Interval:
    """Order statistics k and k + 1 from each end, interpolated so that coverage is ``level``.

    Raises ``NoValue(TOO_FEW_RUNS)`` where even the whole range covers less: n < 6 for 95 %.
    """
    ordered = np.sort(sample(values))
    n = len(ordered)
    rank, weight = _bounds(n, level)
    if rank < 1:
        raise NoValue(Missing.TOO_FEW_RUNS)
    low = _between(ordered[rank - 1], ordered[rank], weight)
    high = _between(ordered[n - rank], ordered[n - rank - 1], weight)
    return Interval(low, high, level, "order statistics")


def _between(outer: float, inner: float, weight: float) -> float:
    """The value at ``weight`` between two; rounding never takes it beyond either."""
    mixed = (1 - weight) * outer + weight * inner
    return float(min(max(mixed, min(outer, inner)), max(outer, inner)))


@cache
def _bounds(n: int, level: float) -> tuple[int, float]:
    """The rank to take from each end, 0 for none, and how far to move inward from it."""
    rank = binomial.quantile((1 - level) / 2, n, 0.5)
    if rank < 1:
        return 0, 0.0
    outer, inner = (float(1 - 2 * binomial.cdf(k - 1, n, 0.5)) for k in (rank, rank + 1))
    return rank, float(inward(n, rank, (outer - level) / (outer - inner)))


def inward(n: int, rank: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """How far to move from ``rank`` to the next for a share (0 to 1) of the coverage between them."""
    rank, share = np.asarray(rank, np.float64), np.asarray(share, np.float64)
    moved: Floats = (n - rank) * share / (rank + (n - 2 * rank) * share)
    return moved


def mean_interval(values: Floats, level: float = 0.95) -> Interval:
    """Student's t. Raises ``NoValue(TOO_FEW_RUNS)`` for n < 2."""
    runs = sample(values)
    if len(runs) < 2:
        raise NoValue(Missing.TOO_FEW_RUNS)
    from scipy.special import stdtrit

    half = float(stdtrit(len(runs) - 1, (1 + level) / 2)) * float(np.std(runs, ddof=1)) / math.sqrt(len(runs))
    mean = float(np.mean(runs))
    return Interval(mean - half, mean + half, level, "Student t")
