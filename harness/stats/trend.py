"""Drift: does a metric move with time over the session?

Cells differ, so each run is compared with the median of its own cell; what is left must not depend on when the run
was made. Spearman's rank correlation with the position is tested by permuting positions, which assumes nothing
about the distribution; Theil and Sen's slope says how much moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata, theilslopes

from ..outcomes import Missing, NoValue
from .arrays import Floats, sample

PERMUTATIONS = 1999
MINIMUM_RUNS = 6


@dataclass(frozen=True, slots=True)
class Drift:
    """``change`` is the relative change from the first position to the last (0.02 is +2 %)."""

    correlation: float
    p_value: float
    change: float
    n: int
    alpha: float

    @property
    def drifts(self) -> bool:
        return self.p_value <= self.alpha


def drift(values: Floats, positions: npt.ArrayLike, cells: npt.ArrayLike, alpha: float = 0.05, seed: int = 0) -> Drift:
    """``values``, ``positions`` and ``cells``, all ``(n,)``: one entry per run.

    Raises ``NoValue``: ``TOO_FEW_RUNS`` for fewer than six runs in cells of two or more, ``NOT_APPLICABLE`` where a
    cell's median is zero.
    """
    relative, at = residuals(values, positions, cells)
    if len(relative) < MINIMUM_RUNS:
        raise NoValue(Missing.TOO_FEW_RUNS)
    ranks, order = _centred_ranks(relative), _centred_ranks(at)
    scale = float(np.sqrt((ranks**2).sum() * (order**2).sum()))
    seen = float(ranks @ order) / scale if scale else 0.0
    shuffled = np.random.default_rng(seed).permuted(np.tile(ranks, (PERMUTATIONS, 1)), axis=1) @ order
    extreme = int((np.abs(shuffled) >= abs(seen) * scale - 1e-9).sum())
    slope = float(theilslopes(relative, at).slope)
    return Drift(seen, (1 + extreme) / (1 + PERMUTATIONS), slope * float(np.ptp(at)), len(relative), alpha)


def residuals(values: Floats, positions: npt.ArrayLike, cells: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Each run relative to its cell's median (0.02 is 2 % above), and its position; both in session order.

    Runs that are alone in their cell are left out. Raises ``NoValue(NOT_APPLICABLE)`` for a median of zero.
    """
    runs, at = sample(values), sample(np.asarray(positions, np.float64))
    _, owner, count = np.unique(np.asarray(cells), return_inverse=True, return_counts=True)
    medians = np.array([np.median(runs[owner == cell]) for cell in range(len(count))])
    kept = count[owner] > 1
    if bool((medians[owner][kept] == 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    order = np.argsort(at[kept], kind="stable")
    relative: Floats = (runs[kept] / medians[owner][kept] - 1)[order]
    return relative, at[kept][order]


def _centred_ranks(values: Floats) -> Floats:
    ranks = np.asarray(rankdata(values), np.float64)
    centred: Floats = ranks - ranks.mean()
    return centred
