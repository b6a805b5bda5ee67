"""The null distribution of Wilcoxon's signed-rank statistic."""

from __future__ import annotations

from functools import cache

import numpy as np

from ..arrays import Floats
from ..ranks import midranks

EXACT_PAIRS = 60


@cache
def bounds(n: int, level: float) -> tuple[int, float]:
    """The order statistic of the pairwise averages to take from each end, and how far to move inward from it."""
    tail = (1 - level) / 2
    if n > EXACT_PAIRS:
        from scipy.special import ndtri

        sd = (n * (n + 1) * (2 * n + 1) / 24) ** 0.5
        return int(np.floor(n * (n + 1) / 4 - float(ndtri(1 - tail)) * sd)), 0.0
    below = np.cumsum(signed_rank_distribution(n))
    rank = int(np.searchsorted(below, tail, side="right"))
    return rank, float((tail - below[rank - 1]) / (below[rank] - below[rank - 1]))


def p_value(differences: Floats) -> float:
    """Two-sided; zero differences keep their ranks and count half to each side (Pratt)."""
    ranks = midranks(np.abs(differences))
    seen = abs(float((ranks * np.sign(differences)).sum()))
    n = len(differences)
    if n > EXACT_PAIRS:
        from scipy.special import ndtr

        sd = float(np.sqrt((ranks[differences != 0] ** 2).sum()))
        return 1.0 if sd == 0 else float(2 * ndtr(-seen / sd))
    if bool((differences == 0).any()) or len(np.unique(ranks)) < n:
        return _with_ties(ranks[differences != 0], seen)
    lower = round((n * (n + 1) / 2 - seen) / 2)
    return min(1.0, 2 * float(signed_rank_distribution(n)[: lower + 1].sum()))


def smallest_sum(n: int, tail: float) -> int:
    """The largest rank sum c with P(W ≤ c) ≤ ``tail`` for ``n`` ≤ 60 values without ties; −1 where there is none."""
    below = np.cumsum(signed_rank_distribution(n))
    return int(np.searchsorted(below, tail * (1 + 1e-12), side="right")) - 1


def one_sided_p(differences: Floats) -> float:
    """Whether ``differences (n,)`` lie above zero; zeros keep their ranks and count half to each side (Pratt)."""
    ranks = midranks(np.abs(differences))
    seen = float((ranks * np.sign(differences)).sum())
    n, signed = len(differences), ranks[differences != 0]
    if n > EXACT_PAIRS:
        from scipy.special import ndtr

        sd = float(np.sqrt((signed**2).sum()))
        return 1.0 if sd == 0 else float(ndtr(-seen / sd))
    sums, chances = _signed_sums(_doubled(signed))
    return float(min(1.0, chances[sums >= 2 * seen - 1e-9].sum()))


def exact_bounds(n: int, alpha: float) -> int:
    """The order statistic (from 0) of the pairwise averages to take from each end, so that the test of ``n`` values
    rejects at ``alpha`` exactly what lies outside; −1 where nothing could be rejected."""
    if n > EXACT_PAIRS:
        return bounds(n, 1 - alpha)[0] - 1
    return smallest_sum(n, alpha / 2)


def _with_ties(ranks: Floats, seen: float) -> float:
    sums, chances = _signed_sums(_doubled(ranks))
    return float(min(1.0, chances[np.abs(sums) >= 2 * seen - 1e-9].sum()))


def _doubled(ranks: Floats) -> tuple[int, ...]:
    return tuple(sorted(np.round(2 * ranks).astype(int).tolist()))


@cache
def _signed_sums(doubled: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Every sum of the doubled ranks with random signs, and its probability, by convolution."""
    total = sum(doubled)
    chances = np.zeros(2 * total + 1)
    chances[total] = 1.0
    for rank in doubled:
        chances = (np.roll(chances, rank) + np.roll(chances, -rank)) / 2
    return np.arange(-total, total + 1, dtype=np.float64), chances


@cache
def signed_rank_distribution(n: int) -> Floats:
    """P(W = w) for w = 0 … n(n + 1)/2 without ties, shape ``(n(n + 1)/2 + 1,)``."""
    chances = np.zeros(n * (n + 1) // 2 + 1)
    chances[0] = 1.0
    for rank in range(1, n + 1):
        moved = np.zeros_like(chances)
        moved[rank:] = chances[: len(chances) - rank]
        chances = (chances + moved) / 2
    return chances
