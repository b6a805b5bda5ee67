"""What could have been seen: the smallest effect that a comparison would probably have found."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nct, t

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..significance.rank_sum import EXACT_PAIRS, null_distribution, smallest_p
from ..significance.signed_rank import EXACT_PAIRS as EXACT_SIGNS
from ..significance.signed_rank import signed_rank_distribution

RANK_EFFICIENCY = 3 / math.pi
"""Asymptotic efficiency of the rank-sum test against Student's for normal noise, its worst common case."""


def minimum_detectable_ratio(a: Floats, b: Floats, alpha: float = 0.05, power: float = 0.8) -> float:
    """The factor (> 1) between two positive samples that the rank-sum test would have found with ``power``.

    Computed from the pooled spread of the logarithms within the samples, for noise near log-normal.
    Raises ``NoValue``: ``TOO_FEW_RUNS`` where no effect could be found, ``NOT_APPLICABLE`` for values ≤ 0.
    """
    a, b = sample(a), sample(b)
    if min(len(a), len(b)) < 2 or smallest_p(len(a), len(b)) > alpha:
        raise NoValue(Missing.TOO_FEW_RUNS)
    if bool((a <= 0).any() or (b <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    freedom = len(a) + len(b) - 2
    pooled = math.sqrt((_squares(np.log(a)) + _squares(np.log(b))) / freedom)
    error = pooled * math.sqrt((1 / len(a) + 1 / len(b)) / RANK_EFFICIENCY)
    if len(a) * len(b) <= EXACT_PAIRS:
        alpha = _attained(null_distribution(len(a), len(b)), alpha)
    return math.exp(noncentrality(freedom, alpha, power) * error)


def minimum_detectable_paired_ratio(a: Floats, b: Floats, alpha: float = 0.05, power: float = 0.8) -> float:
    """The factor (> 1) between positive pairs ``(n,)`` that the signed-rank test would have found with ``power``.

    Raises ``NoValue``: ``TOO_FEW_RUNS`` below six pairs at 5 %, ``NOT_APPLICABLE`` for values ≤ 0.
    """
    a, b = sample(a), sample(b)
    if len(a) < 2 or 2.0 ** (1 - len(a)) > alpha:
        raise NoValue(Missing.TOO_FEW_RUNS)
    if bool((a <= 0).any() or (b <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    spread = float(np.std(np.log(a) - np.log(b), ddof=1))
    error = spread / math.sqrt(len(a) * RANK_EFFICIENCY)
    if len(a) <= EXACT_SIGNS:
        alpha = _attained(signed_rank_distribution(len(a)), alpha)
    return math.exp(noncentrality(len(a) - 1, alpha, power) * error)


def _squares(logs: Floats) -> float:
    return float(((logs - logs.mean()) ** 2).sum())


def _attained(null: Floats, alpha: float) -> float:
    """The largest two-sided level up to ``alpha`` that a test with this discrete null distribution can have."""
    levels = 2 * np.cumsum(null)
    return float(levels[levels <= alpha * (1 + 1e-12)].max())


def noncentrality(freedom: int, alpha: float, power: float) -> float:
    """The noncentrality at which a two-sided t-test has this power."""
    critical = float(t.ppf(1 - alpha / 2, freedom))
    most = max(50.0, 4 * critical)
    return float(brentq(lambda shift: float(nct.sf(critical, freedom, shift)) - power, 0.0, most))
