"""Intervals of computed quantities: what several samples know, carried through a formula.

Each sample's statistic gets its confidence distribution, the one whose quantiles are the bounds of its own
interval at every level: interpolated order statistics for a median, Student's t for a mean. Draws from them go
through the formula together; the interval is a pair of quantiles of what comes out. This is the propagation of
distributions of the Guide to the Expression of Uncertainty in Measurement, Supplement 1.

A formula of one sample keeps that sample's coverage. Several alike cover too much by the outer quantiles (97 to
98 % for two medians), because the distributions of few runs have longer tails than their sum; Welch's degrees of
freedom say the same of means. So the quantiles move inward with the number of samples that decide the result
(``tail``). Coverage is then 95 ± 1 % from equal spreads to one sample that decides alone, where a joint bootstrap
of medians falls to 87 % with 7 runs. The samples must be independent and each given once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from . import binomial
from .interval import MINIMUM_RUNS, Estimate, Interval, Statistic, inward

DRAWS = 4000
INWARD = 1.2
"""How far the tail grows for a second sample of a full say; chosen by simulation, for all shapes and n alike."""
FEW_RUNS = 12
"""Up to this n a median's distribution is as long-tailed as it gets; beyond, its excess falls with the root of n."""
_HALF_WIDTH = (0.16, 0.84)

Formula: TypeAlias = Callable[..., Floats]


def propagate(
    samples: Sequence[Floats],
    formula: Formula,
    statistic: Statistic | Sequence[Statistic] = "median",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """``formula(x, y, ...)`` of the statistics of independent ``samples``, each ``(n_i,)``, with its interval.

    ``formula`` is called with arrays of shape ``(draws,)`` and must be vectorised. ``statistic`` is one for all
    samples or one for each. ``n`` is the smallest sample's. Raises ``NoValue``: ``TOO_FEW_RUNS`` for an empty
    sample, ``NOT_APPLICABLE`` where the formula is not finite.
    """
    runs = [sample(values) for values in samples]
    n = min(map(len, runs), default=0)
    if n == 0:
        raise NoValue(Missing.TOO_FEW_RUNS)
    kinds: list[Statistic] = [statistic] * len(runs) if isinstance(statistic, str) else list(statistic)
    named = kinds[0] if len(set(kinds)) == 1 else "statistic"
    centres = [float(np.median(v) if kind == "median" else np.mean(v)) for v, kind in zip(runs, kinds, strict=True)]
    value = float(_finite(formula(*map(np.atleast_1d, centres)))[0])
    if any(len(values) < MINIMUM_RUNS[kind] for values, kind in zip(runs, kinds, strict=True)):
        return Estimate(value, None, Missing.TOO_FEW_RUNS, n, named)
    orders = _orders(seed, len(runs))
    drawn = [_slices_of(values, kind)[order] for values, kind, order in zip(runs, kinds, orders, strict=True)]
    results = _finite(formula(*drawn))
    excess = [_excess(kind, len(values)) for values, kind in zip(runs, kinds, strict=True)]
    outer = tail(_shares(drawn, centres, formula), excess, level)
    low, high = np.quantile(results, (outer, 1 - outer))
    return Estimate(value, Interval(float(low), float(high), level, f"propagated {named}s"), None, n, named)


def tail(shares: Sequence[float], excess: Sequence[float], level: float) -> float:
    """The share of draws to leave out at each end.

    ``shares`` sum to one: how much of the result's variance each sample decides. One that decides alone leaves
    (1 − level) / 2; the inverse Simpson index of the shares counts how many have a say, of whom a third or later one
    counts half, because a sum of many is near normal. ``excess`` (0 to 1) is how long-tailed each sample's distribution
    is beside a normal one.
    """
    voices = 1 / sum(share**2 for share in shares)
    further: float = np.minimum(voices - 1, voices / 2)
    long_tailed = sum(share * much for share, much in zip(shares, excess, strict=True))
    return (1 - level) / 2 * (1 + INWARD * long_tailed * further)


def _excess(statistic: Statistic, n: int) -> float:
    return 0.0 if statistic == "mean" else min(1.0, (FEW_RUNS / n) ** 0.5)


def _shares(drawn: Sequence[Floats], centres: Sequence[float], formula: Formula) -> list[float]:
    """How much of the result's spread is each sample's, the others held at their estimates; they sum to one."""
    fixed = [np.full(DRAWS, centre) for centre in centres]
    spreads = []
    for k, own in enumerate(drawn):
        low, high = np.quantile(formula(*fixed[:k], own, *fixed[k + 1 :]), _HALF_WIDTH)
        spreads.append(float(high - low) ** 2)
    total = sum(spreads)
    return [spread / total for spread in spreads] if total else [1.0, *(0.0 for _ in spreads[1:])]


def _finite(numbers: Floats) -> Floats:
    if not bool(np.isfinite(numbers).all()):
        raise NoValue(Missing.NOT_APPLICABLE)
    return numbers


@lru_cache(maxsize=8)
def _orders(seed: int, samples: int) -> tuple[npt.NDArray[np.intp], ...]:
    """The order in which each sample's slices meet those of the others."""
    rng = np.random.default_rng(seed)
    return tuple(rng.permutation(DRAWS) for _ in range(samples))


def _slices_of(values: Floats, statistic: Statistic) -> Floats:
    """``DRAWS`` ascending numbers of the confidence distribution, one from each of as many equal slices of it."""
    n = len(values)
    if statistic == "mean":
        spread = float(np.std(values, ddof=1)) / n**0.5
        means: Floats = np.mean(values) + spread * _student(n)
        return means
    outer, inner, weight = _places(n)
    ordered = np.sort(values)
    medians: Floats = (1 - weight) * ordered[outer] + weight * ordered[inner]
    return medians


@lru_cache(maxsize=64)
def _student(n: int) -> Floats:
    """Student's t at each slice."""
    from scipy.special import stdtrit

    quantiles: Floats = stdtrit(n - 1, _slices())
    return quantiles


def _slices() -> Floats:
    return (np.arange(DRAWS) + 0.5) / DRAWS


@cache
def _places(n: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    """For each slice: the two order statistics (from 0) it lies between, and how far from the outer one."""
    slices = _slices()
    outside = np.minimum(slices, 1 - slices)
    below = binomial.cdf(np.arange(-1, n // 2 + 1), n, 0.5)
    rank = np.minimum(np.searchsorted(below, outside, side="right") - 1, n // 2)
    known = rank >= 1
    share = np.where(known, (outside - below[rank]) / (below[rank + 1] - below[rank]), 0.0)
    weight = np.where(known, inward(n, np.maximum(rank, 1), np.minimum(share, 1.0)), 0.0)
    outer = np.maximum(rank, 1) - 1
    inner = np.minimum(outer + 1, n - 1)
    mirrored = slices > 0.5
    return np.where(mirrored, n - 1 - outer, outer), np.where(mirrored, n - 1 - inner, inner), weight
