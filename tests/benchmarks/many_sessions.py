"""The tests of whole sessions over many sessions at once, all of which have their cells in one order.

Each is held to its function of ``harness.stats`` by ``test_many_samples.py``. Positions count from 0.
"""

from __future__ import annotations

import numpy as np

from harness.stats.arrays import Bools, Floats
from harness.stats.comparison import null_effect
from harness.stats.ranks import midranks
from harness.stats.significance import serial, trend
from harness.stats.significance.shuffle import within

Integers = np.typing.NDArray[np.intp]


def printable(sessions: Floats, cells: Integers) -> Bools:
    """Where ``no_interval`` has no reason, for ``(count, runs)``; ``cells (runs,)`` count from 0, two runs or more."""
    return independent(sessions, cells) & (drift_p(sessions, cells, seed=0) > 0.05)


def independent(sessions: Floats, cells: Integers) -> Bools:
    """Where ``independence`` holds."""
    n = len(cells)
    relative = _relative(sessions, cells)
    centred = relative - relative.mean(axis=1, keepdims=True)
    lag_one = (centred[:, 1:] * centred[:, :-1]).sum(axis=1) / (centred**2).sum(axis=1)
    upper = np.clip(lag_one + (1 + serial._ONE_SIDED * n**0.5) / n, 0.0, 1.0)
    spacing = serial._spacing(np.arange(n, dtype=np.float64), cells)
    return np.asarray(upper**spacing <= serial.LARGEST_CORRELATION)


def drift_p(sessions: Floats, cells: Integers, seed: int) -> Floats:
    """The p-values of ``drift``."""
    n = len(cells)
    ranks, order = _centred(midranks(_relative(sessions, cells))), np.arange(n) - (n - 1) / 2
    rows = within(cells, trend.PERMUTATIONS, seed)
    weights = np.zeros((n, len(rows)))
    weights[rows.T, np.arange(len(rows))] = order[:, None]
    shuffled, seen = ranks @ weights, ranks @ order
    centre = shuffled.mean(axis=1)
    extreme = np.abs(shuffled - centre[:, None]) >= np.abs(seen - centre)[:, None] - 1e-9
    return np.asarray((1 + extreme.sum(axis=1)) / (1 + trend.PERMUTATIONS))


def levels_p(values: Floats, levels: Integers, strata: Integers, seed: int) -> Floats:
    """The p-values of ``aa_test`` for positive ``(count, n)``; levels and strata count from 0, all levels in each."""
    middle = np.stack([np.median(values[:, strata == one], axis=1) for one in range(strata.max() + 1)], axis=1)
    ranks = _centred(midranks(values / middle[:, strata]))
    rows = within(strata, null_effect.PERMUTATIONS, seed)
    seen, null = np.zeros(len(values)), np.zeros((len(values), len(rows)))
    for level in range(levels.max() + 1):
        member = levels == level
        chosen = np.zeros((len(levels), len(rows)))
        chosen[rows[:, member].T, np.arange(len(rows))] = 1.0
        null += (ranks @ chosen) ** 2 / member.sum()
        seen += ranks[:, member].sum(axis=1) ** 2 / member.sum()
    extreme = null >= (seen - 1e-9 * np.abs(seen))[:, None]
    return np.asarray((1 + extreme.sum(axis=1)) / (1 + null_effect.PERMUTATIONS))


def _relative(sessions: Floats, cells: Integers) -> Floats:
    """Each run over the median of its cell, less one."""
    middle = np.stack([np.median(sessions[:, cells == one], axis=1) for one in range(cells.max() + 1)], axis=1)
    return np.asarray(sessions / middle[:, cells] - 1)


def _centred(ranks: Floats) -> Floats:
    return np.asarray(ranks - ranks.mean(axis=1, keepdims=True))
