"""What a factor does: each level against a reference, in pairs that share everything else.

The four things that can be said, strongest first: there is an effect of this size; the levels are equivalent within
the declared margin; no effect was found, and one of that size would have been; nothing can be said.

The levels of one factor are one family. Their intervals hold together (Bonferroni: each has the level
1 − alpha / number of levels compared), and an effect is found exactly where such an interval leaves one out, so that
no sentence about an interval can disagree with the finding beside it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...outcomes import NoValue
from ..arrays import Floats, sample
from .paired import PairedComparison, compare_paired_ratio
from .power import minimum_detectable_paired_ratio

Verdict = Literal["effect", "equivalent", "none found", "unknown"]


@dataclass(frozen=True, slots=True)
class LevelEffect:
    """A level as a multiple of the reference. ``comparison`` has the interval that holds together with those of all
    levels; ``detectable`` is the smallest factor (> 1) that it would have left one out for in 80 % of such experiments,
    null with too few pairs. ``inner`` is the 1 − 2·alpha interval's comparison, which decides equivalence."""

    level: Hashable
    reference: Hashable
    comparison: PairedComparison
    inner: PairedComparison
    detectable: float | None
    margin: float

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
    *,
    margin: float,
    reference: Hashable | None = None,
    alpha: float = 0.05,
) -> tuple[LevelEffect, ...]:
    """Every level against ``reference`` (the first to appear), for positive ``values (n,)``, one entry per run.

    Runs with the same entry of ``pairs`` are alike but for the level: same levels of the other factors, same block.
    Several runs of one level in one pair count once, by their median. A level without any pair is left out.
    Raises ``NoValue(NOT_APPLICABLE)`` for values ≤ 0.
    """
    table = _table(sample(values), levels, pairs)
    base = next(iter(table)) if reference is None and table else reference
    others = [level for level in table if base in table and level != base and table[level].keys() & table[base].keys()]
    each = alpha / max(1, len(others))
    return tuple(_against(level, base, *_matched(table[level], table[base]), margin, alpha, each) for level in others)


def _table(
    values: Floats, levels: Sequence[Hashable], pairs: Sequence[Hashable]
) -> dict[Hashable, dict[Hashable, float]]:
    cells: dict[Hashable, dict[Hashable, list[float]]] = {}
    for value, level, pair in zip(values.tolist(), levels, pairs, strict=True):
        cells.setdefault(level, {}).setdefault(pair, []).append(value)
    return {
        level: {pair: float(np.median(found)) for pair, found in by_pair.items()} for level, by_pair in cells.items()
    }


def _matched(a: dict[Hashable, float], b: dict[Hashable, float]) -> tuple[Floats, Floats]:
    shared = [pair for pair in a if pair in b]
    return np.array([a[pair] for pair in shared]), np.array([b[pair] for pair in shared])


def _against(
    level: Hashable, base: Hashable, a: Floats, b: Floats, margin: float, alpha: float, each: float
) -> LevelEffect:
    try:
        detectable = minimum_detectable_paired_ratio(a, b, each)
    except NoValue:
        detectable = None
    inner = compare_paired_ratio(a, b, 2 * alpha)
    return LevelEffect(level, base, compare_paired_ratio(a, b, each), inner, detectable, margin)
