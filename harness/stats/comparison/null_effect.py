"""Factor levels that are one configuration, and the A/A test that they give for free.

Two levels are one configuration when the engine reports the same effective setting for both under every
combination of the other factors. Any difference between them is then noise: a test that finds one more often than
alpha says that the noise is underestimated.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..significance.shuffle import within

PERMUTATIONS = 999


@dataclass(frozen=True, slots=True)
class AATest:
    """A test between levels that are one configuration; ``passes`` when it finds no difference."""

    p_value: float
    n: int
    alpha: float

    @property
    def passes(self) -> bool:
        return self.p_value > self.alpha


def one_configuration(
    levels: Sequence[Hashable], effective: Sequence[Hashable | None], strata: Sequence[Hashable]
) -> tuple[tuple[Hashable, ...], ...]:
    """Groups of two or more levels that the engine ran alike, in order of appearance.

    One entry per run: its requested level, the effective setting (``None`` where not reported) and the combination
    of the other factors. A level merges only where each of its strata reported one setting and no run lacks it.
    """
    seen: dict[Hashable, dict[Hashable, set[Hashable | None]]] = {}
    for level, setting, stratum in zip(levels, effective, strata, strict=True):
        seen.setdefault(level, {}).setdefault(stratum, set()).add(setting)
    groups: list[list[Hashable]] = []
    for level, settings in seen.items():
        home = next((group for group in groups if _alike(seen[group[0]], settings)), None)
        if home is None:
            groups.append([level])
        else:
            home.append(level)
    return tuple(tuple(group) for group in groups if len(group) > 1)


def _alike(a: dict[Hashable, set[Hashable | None]], b: dict[Hashable, set[Hashable | None]]) -> bool:
    known = all(len(found) == 1 and None not in found for found in (*a.values(), *b.values()))
    shared = a.keys() & b.keys()
    return known and bool(shared) and all(a[stratum] == b[stratum] for stratum in shared)


def aa_test(values: Floats, levels: npt.ArrayLike, strata: npt.ArrayLike, alpha: float = 0.05, seed: int = 0) -> AATest:
    """Whether ``values (n,)`` differ between ``levels (n,)``: Kruskal and Wallis's statistic on values aligned by
    their stratum's median, against shuffles of the levels within ``strata (n,)``, which is exact.

    Raises ``NoValue(TOO_FEW_RUNS)`` where no stratum has two levels.
    """
    runs = sample(values)
    names, level = np.unique(np.asarray(levels), return_inverse=True)
    _, stratum = np.unique(np.asarray(strata), return_inverse=True)
    mixed = np.array([len(set(level[stratum == s])) > 1 for s in range(stratum.max(initial=-1) + 1)], np.bool_)
    kept = mixed[stratum] if len(runs) else np.zeros(0, np.bool_)
    if not kept.any():
        raise NoValue(Missing.TOO_FEW_RUNS)
    runs, level, stratum = runs[kept], level[kept], stratum[kept]
    ranks = _aligned_ranks(runs, stratum)
    seen = _between(ranks[None], level, len(names))[0]
    null = _between(ranks[within(stratum, PERMUTATIONS, seed)], level, len(names))
    extreme = int((null >= seen - 1e-9 * abs(seen)).sum())
    return AATest((1 + extreme) / (1 + PERMUTATIONS), len(runs), alpha)


def _aligned_ranks(values: Floats, stratum: npt.NDArray[np.intp]) -> Floats:
    medians = np.array(
        [np.median(values[stratum == s]) if (stratum == s).any() else 0.0 for s in range(stratum.max() + 1)]
    )
    positive = bool((medians[stratum] > 0).all())
    aligned = values / medians[stratum] if positive else values - medians[stratum]
    ranks = np.asarray(scipy.stats.rankdata(aligned), np.float64)
    centred: Floats = ranks - ranks.mean()
    return centred


def _between(ranks: Floats, level: npt.NDArray[np.intp], levels: int) -> Floats:
    """The sum over levels of (sum of ranks)² / n, shape ``(rows,)``."""
    member = np.zeros((len(level), levels))
    member[np.arange(len(level)), level] = 1.0
    counts = member.sum(axis=0)
    sums = ranks @ member
    total: Floats = (sums[:, counts > 0] ** 2 / counts[counts > 0]).sum(axis=1)
    return total
