"""The exact null distribution of the rank-sum statistic."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from .arrays import Floats


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


def smallest_p(n: int, m: int) -> float:
    """The smallest two-sided p that a rank-sum or permutation test of n against m can give."""
    return 2 / math.comb(n + m, n)
