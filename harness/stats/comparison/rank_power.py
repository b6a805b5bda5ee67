"""What a signed-rank test over a few blocks finds, in standard deviations of one block's value.

With so few values the test has few possible levels, so formulas made for large samples promise too much. The power is
therefore counted over one fixed set of normal samples: with eight blocks and a fifth of 5 % each, the usual formula
says 1.7 standard deviations where 1.9 are needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from ..arrays import Bools, Floats
from ..significance.signed_rank import EXACT_PAIRS, smallest_sum

RANK_EFFICIENCY = 3 / math.pi
"""Asymptotic efficiency of the rank test against Student's for normal noise, its worst common case."""
MOST_COUNTED = 30
"""Beyond this number of blocks the formula of the t-test, with the rank test's efficiency, is right to a percent."""
_DRAWS = 10_000
_STEPS = 24


@cache
def shift_found(n: int, alpha: float, power: float = 0.8) -> float:
    """The shift that the two-sided test of ``n`` values at ``alpha`` finds with ``power``; infinite where none can."""
    least = _least(n, alpha)
    if least < 0:
        return math.inf
    if n > MOST_COUNTED:
        return _noncentrality(n - 1, alpha, power) / math.sqrt(n * RANK_EFFICIENCY)
    noise = _noise(n)
    return _smallest(lambda shift: _chance(noise + shift, least), power)


def finds(shift: float, n: int, alpha: float, power: float = 0.8) -> bool:
    """Whether that shift is at most ``shift``: one look at its chance, where to search for the shift takes many."""
    least = _least(n, alpha)
    if least < 0 or n > MOST_COUNTED:
        return shift_found(n, alpha, power) <= shift
    return _chance(_noise(n) + shift, least) >= power


def _least(n: int, alpha: float) -> int:
    """The largest rank sum with which the two-sided test of ``n`` values reaches ``alpha``; -1 where none does."""
    return smallest_sum(n, alpha / 2) if n <= EXACT_PAIRS else 0


def _chance(values: Floats, least: int) -> float:
    """The share of the rows in which the test finds something."""
    below, above = _sums(values)
    return float(np.mean((below <= least) | (above <= least)))


@cache
def margin_shown(n: int, alpha: float, power: float = 0.8) -> float:
    """The smallest margin inside which two one-sided tests of ``n`` values at ``alpha`` show a shift of nothing with
    ``power``; infinite where none can."""
    least = smallest_sum(n, alpha) if n <= EXACT_PAIRS else 0
    if least < 0:
        return math.inf
    if n > MOST_COUNTED:
        both = _noncentrality(n - 1, 2 * alpha, (1 + power) / 2)
        return both / math.sqrt(n * RANK_EFFICIENCY)
    noise = _noise(n)

    def shown(margin: float) -> float:
        above_low: Bools = _sums(noise + margin)[0] <= least
        below_high: Bools = _sums(noise - margin)[1] <= least
        return float(np.mean(above_low & below_high))

    return _smallest(shown, power)


def _smallest(chance: Callable[[float], float], power: float) -> float:
    """Where a chance that grows reaches ``power``."""
    low, high = 0.0, 16.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= power else (middle, high)
    return high


def _noise(n: int) -> Floats:
    return np.random.default_rng(0).standard_normal((_DRAWS, n))


def _sums(values: Floats) -> tuple[Floats, Floats]:
    """The rank sums of the negative and of the positive values of each row."""
    ranked = np.take_along_axis(values, np.argsort(np.abs(values), axis=1), axis=1)
    ranks = np.arange(1.0, values.shape[1] + 1)
    return np.asarray((ranked < 0) @ ranks, np.float64), np.asarray((ranked > 0) @ ranks, np.float64)


def _noncentrality(freedom: int, alpha: float, power: float) -> float:
    """The noncentrality at which a two-sided t-test has this power."""
    from scipy.optimize import brentq
    from scipy.special import stdtrit
    from scipy.stats import nct

    critical = float(stdtrit(freedom, 1 - alpha / 2))
    most = max(50.0, 4 * critical)
    return float(brentq(lambda shift: float(nct.sf(critical, freedom, shift)) - power, 0.0, most))
