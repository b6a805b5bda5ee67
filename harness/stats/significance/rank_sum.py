"""The rank-sum test of two independent samples (Wilcoxon, Mann–Whitney), by an explicit rule.

1. At most 20,000 arrangements and ties: exact permutation of the rank sum.
2. n·m ≤ 2,500 without ties: the exact null distribution.
3. Otherwise: the normal approximation, corrected for ties and continuity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample

Alternative = Literal["two-sided", "less", "greater"]

ARRANGEMENTS = 20_000
EXACT_PAIRS = 2_500


@dataclass(frozen=True, slots=True)
class Test:
    """A p-value, the method that gave it and the smallest p that it could have given with these n."""

    __test__ = False

    p_value: float
    method: str
    smallest_p: float


def rank_sum(a: Floats, b: Floats, alternative: Alternative = "two-sided", alpha: float = 0.05) -> Test:
    """Whether values of ``a (n,)`` tend to differ from, be below or be above those of ``b (m,)``.

    Raises ``NoValue(TOO_FEW_RUNS)`` where even the most extreme arrangement has p > ``alpha``.
    """
    a, b = sample(a), sample(b)
    n, m = len(a), len(b)
    least = smallest_p(n, m, alternative)
    if not n or not m or least > alpha:
        raise NoValue(Missing.TOO_FEW_RUNS)
    ranks = np.asarray(scipy.stats.rankdata(np.concatenate((a, b))), np.float64)
    tied = len(np.unique(ranks)) < n + m
    if tied and math.comb(n + m, n) <= ARRANGEMENTS:
        null = ranks[_arrangements(n + m, n)].sum(axis=1)
        p = _permuted(null - null.mean(), ranks[:n].sum() - null.mean(), alternative)
        return Test(p, "exact permutation of the rank sum", least)
    if not tied and n * m <= EXACT_PAIRS:
        return Test(_exact(round(ranks[:n].sum()) - n * (n + 1) // 2, n, m, alternative), "exact rank sum", least)
    return Test(_approximate(a, b, alternative), "rank sum, normal approximation", least)


def smallest_p(n: int, m: int, alternative: Alternative = "two-sided") -> float:
    """The smallest p that any rank-sum or permutation test of n against m can give."""
    return min(1.0, (2 if alternative == "two-sided" else 1) / math.comb(n + m, n))


@cache
def null_distribution(n: int, m: int) -> Floats:
    """P(U = u) for u = 0 … n·m without ties, shape ``(n·m + 1,)``: the coefficients of a Gaussian binomial."""
    n, m = min(n, m), max(n, m)
    counts = np.zeros(n * m + 1)
    counts[0] = 1.0
    for i in range(1, n + 1):
        shifted = counts.copy()
        shifted[m + i :] -= counts[: n * m + 1 - m - i]
        counts = _divided(shifted, i)
    distribution: Floats = np.maximum(counts, 0) / counts.sum()
    return distribution


def _divided(polynomial: Floats, i: int) -> Floats:
    """``polynomial / (1 − xⁱ)``: running sums with step i."""
    quotient = polynomial.copy()
    for start in range(i):
        quotient[start::i] = np.cumsum(quotient[start::i])
    return quotient


def _exact(u: int, n: int, m: int, alternative: Alternative) -> float:
    null = null_distribution(n, m)
    less, greater = float(null[: u + 1].sum()), float(null[u:].sum())
    return _one_of(less, greater, min(1.0, 2 * min(less, greater)), alternative)


@cache
def _arrangements(total: int, chosen: int) -> npt.NDArray[np.intp]:
    return np.array(list(combinations(range(total), chosen)), np.intp)


def _permuted(null: Floats, seen: float, alternative: Alternative) -> float:
    slack = 1e-9
    less, greater = float(np.mean(null <= seen + slack)), float(np.mean(null >= seen - slack))
    return _one_of(less, greater, float(np.mean(np.abs(null) >= abs(seen) - slack)), alternative)


def _approximate(a: Floats, b: Floats, alternative: Alternative) -> float:
    if np.ptp(np.concatenate((a, b))) == 0:
        return 1.0
    less = float(scipy.stats.mannwhitneyu(a, b, alternative="less", method="asymptotic").pvalue)
    greater = float(scipy.stats.mannwhitneyu(a, b, alternative="greater", method="asymptotic").pvalue)
    return _one_of(less, greater, min(1.0, 2 * min(less, greater)), alternative)


def _one_of(less: float, greater: float, both: float, alternative: Alternative) -> float:
    return {"less": less, "greater": greater, "two-sided": both}[alternative]
