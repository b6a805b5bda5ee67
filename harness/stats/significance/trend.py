"""Drift: does a metric move with time over the session?

Cells differ, so each run is compared with the median of its own cell; what is left must not depend on when the run
was made. Spearman's rank correlation with the position is tested by exchanging the runs of each cell among their own
positions, which is exact and assumes nothing about the distribution; Theil and Sen's slope says how much moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..ranks import midranks
from .shuffle import within

PERMUTATIONS = 999
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
    found = residuals(values, positions, cells)
    if len(found.relative) < MINIMUM_RUNS:
        raise NoValue(Missing.TOO_FEW_RUNS)
    ranks, order = _centred_ranks(found.relative), _centred_ranks(found.positions)
    scale = float(np.sqrt((ranks**2).sum() * (order**2).sum()))
    seen = float(ranks @ order)
    shuffled = ranks[within(found.cells, PERMUTATIONS, seed)] @ order
    centre = float(shuffled.mean())
    extreme = int((np.abs(shuffled - centre) >= abs(seen - centre) - 1e-9).sum())
    return Drift(
        correlation=seen / scale if scale else 0.0,
        p_value=(1 + extreme) / (1 + PERMUTATIONS),
        change=_slope(found.relative, found.positions) * float(np.ptp(found.positions)),
        n=len(found.relative),
        alpha=alpha,
    )


@dataclass(frozen=True, slots=True)
class Residuals:
    """Runs in session order, shape ``(n,)``: each ``relative`` to its cell's median (0.02 is 2 % above), its position,
    and its cell counted from 0."""

    relative: Floats
    positions: Floats
    cells: npt.NDArray[np.intp]


def residuals(values: Floats, positions: npt.ArrayLike, cells: npt.ArrayLike) -> Residuals:
    """What is left of each run when its cell is accounted for. Runs that are alone in their cell are left out.

    Raises ``NoValue(NOT_APPLICABLE)`` for a median of zero.
    """
    runs, at = sample(values), sample(np.asarray(positions, np.float64))
    _, owner, count = np.unique(np.asarray(cells), return_inverse=True, return_counts=True)
    medians = _medians(runs, owner, count)
    order = np.argsort(at, kind="stable")
    kept = order[count[owner][order] > 1]
    middle = medians[owner[kept]]
    if bool((middle == 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    return Residuals(runs[kept] / middle - 1, at[kept], owner[kept])


def _medians(values: Floats, owner: npt.NDArray[np.intp], count: npt.NDArray[np.intp]) -> Floats:
    """The median of each cell, all at once: the mean of the one or two values in the middle of its own."""
    ordered, first = values[np.lexsort((values, owner))], np.cumsum(count) - count
    middles: Floats = (ordered[first + (count - 1) // 2] + ordered[first + count // 2]) / 2
    return middles


def _centred_ranks(values: Floats) -> Floats:
    ranks = midranks(values)
    centred: Floats = ranks - ranks.mean()
    return centred


def _slope(values: Floats, at: Floats) -> float:
    """The median of the slopes between any two runs (Theil and Sen)."""
    across, up = at[:, None] - at, values[:, None] - values
    return float(np.median(up[across > 0] / across[across > 0]))
