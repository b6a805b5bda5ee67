"""A against B: is there a difference, and how large is it?

The rule for the test, in order:

1. Where even the most extreme arrangement has p > alpha, there is no test (``TOO_FEW_RUNS``).
2. Ties and at most 20,000 arrangements: exact permutation of the rank sum.
3. No ties and n·m ≤ 2,500: exact Mann–Whitney.
4. Otherwise Mann–Whitney with the normal approximation, corrected for ties and continuity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from scipy.stats import mannwhitneyu, rankdata

from ..outcomes import Missing, NoValue
from .arrays import Floats, sample
from .effect import cliffs_delta, hedges_g
from .interval import Estimate
from .rank_sum import smallest_p
from .shift import EXACT_PAIRS, difference, ratio

Verdict = Literal["higher", "lower", "indistinguishable"]

ARRANGEMENTS = 20_000


@dataclass(frozen=True, slots=True)
class Test:
    """A two-sided p-value, the test that gave it and the smallest p it could have given."""

    __test__ = False

    p_value: float
    method: str
    smallest_p: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A against B. ``test`` is null exactly when ``missing`` says why; ``ratio`` is null for values ≤ 0,
    ``hedges_g`` for fewer than two runs or no spread. ``verdict`` is about A, at ``alpha`` and uncorrected."""

    n_a: int
    n_b: int
    difference: Estimate
    ratio: Estimate | None
    test: Test | None
    missing: Missing | None
    cliffs_delta: float
    hedges_g: float | None
    alpha: float

    @property
    def verdict(self) -> Verdict:
        if self.test is None or self.test.p_value > self.alpha or self.cliffs_delta == 0:
            return "indistinguishable"
        return "higher" if self.cliffs_delta > 0 else "lower"


def compare(a: Floats, b: Floats, alpha: float = 0.05) -> Comparison:
    """Independent samples ``(n,)`` and ``(m,)``, one value per run. Intervals have level 1 − alpha.

    Raises ``NoValue(TOO_FEW_RUNS)`` where a sample is empty.
    """
    a, b = sample(a), sample(b)
    if not len(a) or not len(b):
        raise NoValue(Missing.TOO_FEW_RUNS)
    tested, missing = _try(a, b, alpha)
    return Comparison(
        n_a=len(a),
        n_b=len(b),
        difference=difference(a, b, 1 - alpha),
        ratio=ratio(a, b, 1 - alpha) if a.min() > 0 and b.min() > 0 else None,
        test=tested,
        missing=missing,
        cliffs_delta=cliffs_delta(a, b),
        hedges_g=hedges_g(a, b),
        alpha=alpha,
    )


def _try(a: Floats, b: Floats, alpha: float) -> tuple[Test | None, Missing | None]:
    try:
        return rank_sum_test(a, b, alpha), None
    except NoValue as none:
        return None, none.reason


def rank_sum_test(a: Floats, b: Floats, alpha: float = 0.05) -> Test:
    """The two-sided test that the module's rule picks. Raises ``NoValue(TOO_FEW_RUNS)`` where n cannot reach alpha."""
    a, b = sample(a), sample(b)
    n, m = len(a), len(b)
    least = smallest_p(n, m)
    if not n or not m or least > alpha:
        raise NoValue(Missing.TOO_FEW_RUNS)
    tied = len(np.unique(np.concatenate((a, b)))) < n + m
    if tied and math.comb(n + m, n) <= ARRANGEMENTS:
        return Test(_permutation(a, b), "exact permutation of the rank sum", least)
    if not tied and n * m <= EXACT_PAIRS:
        return Test(float(mannwhitneyu(a, b, method="exact").pvalue), "exact Mann–Whitney", least)
    return Test(float(mannwhitneyu(a, b, method="asymptotic").pvalue), "asymptotic Mann–Whitney", least)


def _permutation(a: Floats, b: Floats) -> float:
    """The share of arrangements whose rank sum is at least as far from its mean."""
    ranks = rankdata(np.concatenate((a, b)))
    sums = np.array([ranks[list(chosen)].sum() for chosen in combinations(range(len(ranks)), len(a))])
    centre = ranks.sum() * len(a) / len(ranks)
    return float(np.mean(np.abs(sums - centre) >= abs(ranks[: len(a)].sum() - centre) - 1e-9))
