"""Which cells cannot be told apart from the best?

All pairs are compared at once: the largest studentised difference between any two cells is set against its own
distribution when the runs' deviations from their cells are shuffled over all cells (max-T). So in a matrix without
any effect the chance of naming one single cell worse is alpha, however many cells there are and whatever the common
distribution of their noise. Differences are of logarithms, that is ratios, where all values are positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample

MINIMUM_RUNS = 5
PERMUTATIONS = 499


@dataclass(frozen=True, slots=True)
class Ranking:
    """``order``: cell names, best first. ``best``: those that cannot be told apart from the first.

    ``p_values``: of each cell against the first, corrected for all pairs of cells.
    """

    order: tuple[str, ...]
    best: tuple[str, ...]
    p_values: Mapping[str, float]
    alpha: float


def rank(samples: Mapping[str, Floats], *, higher_is_better: bool, alpha: float = 0.05, seed: int = 0) -> Ranking:
    """Ranks cells by their mean over runs (of logarithms where all are positive); each sample is ``(n_i,)``.

    Raises ``NoValue(TOO_FEW_RUNS)`` for fewer than two cells or a cell of fewer than five runs.
    """
    names = tuple(samples)
    runs = [sample(values) for values in samples.values()]
    if len(runs) < 2 or min(map(len, runs)) < MINIMUM_RUNS:
        raise NoValue(Missing.TOO_FEW_RUNS)
    if min(float(values.min()) for values in runs) > 0:
        runs = [np.log(values) for values in runs]
    if higher_is_better:
        runs = [-values for values in runs]
    counts = np.array([len(values) for values in runs])
    means = np.array([values.mean() for values in runs])
    order = np.argsort(means, kind="stable")
    against_first = _studentised(np.concatenate(runs)[None], counts)[0, order[0]]
    null = _largest(np.concatenate([v - v.mean() for v in runs]), counts, np.random.default_rng(seed))
    p = (1 + (null[:, None] >= np.abs(against_first)).sum(axis=0)) / (1 + PERMUTATIONS)
    p[order[0]] = 1.0
    return Ranking(
        order=tuple(names[i] for i in order),
        best=tuple(names[i] for i in order if p[i] > alpha),
        p_values={name: float(value) for name, value in zip(names, p, strict=True)},
        alpha=alpha,
    )


def _largest(deviations: Floats, counts: npt.NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """The largest studentised difference between any two cells in each shuffle, shape ``(PERMUTATIONS,)``."""
    step = max(1, 4_000_000 // len(counts) ** 2)
    parts = []
    for first in range(0, PERMUTATIONS, step):
        copies = np.tile(deviations, (min(step, PERMUTATIONS - first), 1))
        parts.append(np.abs(_studentised(rng.permuted(copies, axis=1), counts)).max(axis=(1, 2)))
    return np.concatenate(parts)


def _studentised(shuffles: Floats, counts: npt.NDArray[np.int64]) -> Floats:
    """Welch's t between all cells, shape ``(shuffles, cells, cells)``; zero where two cells agree exactly."""
    starts = np.cumsum(counts) - counts
    means = np.add.reduceat(shuffles, starts, axis=1) / counts
    squares = np.add.reduceat((shuffles - np.repeat(means, counts, axis=1)) ** 2, starts, axis=1)
    error = squares / (counts - 1) / counts
    apart = means[:, :, None] - means[:, None, :]
    spread = np.sqrt(error[:, :, None] + error[:, None, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(apart == 0, 0.0, apart / spread), np.float64)
