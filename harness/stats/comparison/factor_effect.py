"""What a factor does: each level against a reference, in pairs that share everything else, block by block.

The four things that can be said, strongest first: the levels are equivalent within the declared margin; there is an
effect of this size; no effect was found, and one of that size would have been; nothing can be said.

The block is the unit (where there are several sessions: the session). All pairs of a block share its moment, so they
are averaged first: taken one by one, six blocks of eight pairs find an effect where there is none in a quarter of all
cases. The levels of one factor are one family. Their intervals hold together (Bonferroni: each has the level
1 − alpha / number of levels compared), and an effect is found exactly where such an interval leaves one out, so that
no sentence about an interval can disagree with the finding beside it. Equivalence is corrected alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from .paired import PairedComparison, compare_paired_ratio
from .sessions import would_be_found

Verdict = Literal["effect", "equivalent", "none found", "unknown"]


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """A level as a multiple of the reference, over ``comparison.n`` blocks. ``comparison`` has the interval that holds
    together with those of all levels, ``inner`` the one that decides equivalence; ``detectable`` is the smallest factor
    (> 1) that at least four of five such recordings would have found, null with too few blocks. ``logs`` are the log
    ratios of the blocks."""

    level: Hashable
    reference: Hashable
    comparison: PairedComparison
    inner: PairedComparison
    detectable: float | None
    margin: float
    logs: tuple[float, ...]

    @property
    def verdict(self) -> Verdict:
        interval, inner = self.comparison.estimate.interval, self.inner.estimate.interval
        if inner is not None and 1 / (1 + self.margin) < inner.low and inner.high < 1 + self.margin:
            return "equivalent"
        if interval is None:
            return "unknown"
        return "none found" if interval.low <= 1 <= interval.high else "effect"


def factor_effects(
    values: Floats,
    levels: Sequence[Hashable],
    pairs: Sequence[Hashable],
    blocks: Sequence[Hashable],
    *,
    margin: float,
    reference: Hashable | None = None,
    alpha: float = 0.05,
) -> tuple[LevelEffect, ...]:
    """Every level against ``reference`` (the first to appear), for positive ``values (n,)``, one entry per run.

    Runs with the same entry of ``pairs`` are alike but for the level and lie in one of the ``blocks``. Several runs of
    one level in one pair count once, by their median; the log ratios of a block count once, by their mean. A level
    without any pair is left out. Raises ``NoValue(NOT_APPLICABLE)`` for values ≤ 0.
    """
    table = _table(sample(values), levels, pairs)
    home = dict(zip(pairs, blocks, strict=True))
    base = next(iter(table)) if reference is None and table else reference
    others = [level for level in table if base in table and level != base and table[level].keys() & table[base].keys()]
    each = alpha / max(1, len(others))
    return tuple(_against(level, base, _block_logs(table[level], table[base], home), margin, each) for level in others)


def _block_logs(a: Mapping[Hashable, float], b: Mapping[Hashable, float], home: Mapping[Hashable, Hashable]) -> Floats:
    """The mean log ratio of ``a`` to ``b`` over the pairs of each block, ``home`` being the block of each pair."""
    found: dict[Hashable, list[float]] = {}
    for pair in a:
        if pair in b:
            found.setdefault(home[pair], []).append(float(np.log(a[pair]) - np.log(b[pair])))
    return np.array([np.mean(logs) for logs in found.values()])


def _table(
    values: Floats, levels: Sequence[Hashable], pairs: Sequence[Hashable]
) -> dict[Hashable, dict[Hashable, float]]:
    if bool((values <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    cells: dict[Hashable, dict[Hashable, list[float]]] = {}
    for value, level, pair in zip(values.tolist(), levels, pairs, strict=True):
        cells.setdefault(level, {}).setdefault(pair, []).append(value)
    return {
        level: {pair: float(np.median(found)) for pair, found in by_pair.items()} for level, by_pair in cells.items()
    }


def _against(level: Hashable, base: Hashable, logs: Floats, margin: float, each: float) -> LevelEffect:
    found, inner = (block_comparison(logs, alpha) for alpha in (each, 2 * each))
    return LevelEffect(level, base, found, inner, would_be_found(logs, each), margin, tuple(logs.tolist()))


def block_comparison(logs: Floats, alpha: float) -> PairedComparison:
    """The ratio over blocks whose log ratios are ``logs (n,)``. Raises ``NoValue(TOO_FEW_RUNS)`` for none."""
    return compare_paired_ratio(np.exp(logs), np.ones(len(logs)), alpha)
