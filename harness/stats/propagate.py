"""Intervals of computed quantities: what several samples know, carried through a formula.

Each sample's statistic gets its confidence distribution, the one whose quantiles are the bounds of its own
interval at every level: interpolated order statistics for a median, Student's t for a mean. Draws from them go
through the formula together; the interval is a pair of quantiles of what comes out. This is the propagation of
distributions of the Guide to the Expression of Uncertainty in Measurement, Supplement 1.

A formula of one sample keeps that sample's coverage; differences, ratios and sums of several cover somewhat more
than their level (96 to 99 %), never less. A joint bootstrap of medians falls to 87 % with 7 runs where one sample
is much noisier than the others. The samples must be independent and each given once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from ..outcomes import Missing, NoValue
from . import binomial
from .arrays import Floats, sample
from .interval import MINIMUM_RUNS, Estimate, Interval, Statistic, inward

DRAWS = 4000

Formula: TypeAlias = Callable[..., Floats]


def propagate(
    samples: Sequence[Floats], formula: Formula, statistic: Statistic = "median", level: float = 0.95, seed: int = 0
) -> Estimate:
    """``formula(x, y, ...)`` of the statistics of independent ``samples``, each ``(n_i,)``, with its interval.

    ``formula`` is called with arrays of shape ``(draws,)`` and must be vectorised. ``n`` is the smallest sample's.
    Raises ``NoValue``: ``TOO_FEW_RUNS`` for an empty sample, ``NOT_APPLICABLE`` where the formula is not finite.
    """
    runs = [sample(values) for values in samples]
    n = min(map(len, runs), default=0)
    if n == 0:
        raise NoValue(Missing.TOO_FEW_RUNS)
    centre = np.median if statistic == "median" else np.mean
    value = _finite(formula(*(np.array([centre(values)]) for values in runs)))[0]
    if n < MINIMUM_RUNS[statistic]:
        return Estimate(float(value), None, Missing.TOO_FEW_RUNS, n, statistic)
    rng = np.random.default_rng(seed)
    drawn = _finite(formula(*(_draws(values, statistic, rng) for values in runs)))
    low, high = np.quantile(drawn, ((1 - level) / 2, (1 + level) / 2))
    found = Interval(float(low), float(high), level, f"propagated {statistic}s")
    return Estimate(float(value), found, None, n, statistic)


def _finite(numbers: Floats) -> Floats:
    if not bool(np.isfinite(numbers).all()):
        raise NoValue(Missing.NOT_APPLICABLE)
    return numbers


def _draws(values: Floats, statistic: Statistic, rng: np.random.Generator) -> Floats:
    """``DRAWS`` numbers from the confidence distribution, one from each of as many equal slices of it."""
    order = rng.permutation(DRAWS)
    n = len(values)
    if statistic == "mean":
        spread = float(np.std(values, ddof=1)) / n**0.5
        means: Floats = np.mean(values) + spread * stdtrit(n - 1, _slices())[order]
        return means
    outer, inner, weight = _places(n)
    ordered = np.sort(values)
    medians: Floats = ((1 - weight) * ordered[outer] + weight * ordered[inner])[order]
    return medians


def _slices() -> Floats:
    return (np.arange(DRAWS) + 0.5) / DRAWS


@cache
def _places(n: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    """For each slice: the two order statistics (from 0) it lies between, and how far from the outer one."""
    slices = _slices()
    tail = np.minimum(slices, 1 - slices)
    below = binomial.cdf(np.arange(-1, n // 2 + 1), n, 0.5)
    rank = np.minimum(np.searchsorted(below, tail, side="right") - 1, n // 2)
    known = rank >= 1
    share = np.where(known, (tail - below[rank]) / (below[rank + 1] - below[rank]), 0.0)
    weight = np.where(known, inward(n, np.maximum(rank, 1), np.minimum(share, 1.0)), 0.0)
    outer = np.maximum(rank, 1) - 1
    inner = np.minimum(outer + 1, n - 1)
    mirrored = slices > 0.5
    return np.where(mirrored, n - 1 - outer, outer), np.where(mirrored, n - 1 - inner, inner), weight
