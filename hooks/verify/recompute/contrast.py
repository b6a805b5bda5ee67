"""What a level does against a reference, in pairs of runs that share everything else, paired here again."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.outcomes import NoValue
from harness.stats.comparison.null_effect import one_configuration
from harness.stats.comparison.paired import compare_paired_ratio
from harness.stats.comparison.power import minimum_detectable_paired_ratio
from harness.stats.intervals.interval import Estimate

from ..reader.dataset import USABLE
from ..reader.questions_json import StatedContrast, StatedDetectable
from ..reader.samples import CannotAnswer, Samples

ALPHA = 0.05
Row = Mapping[str, Any]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sides:
    """The numbers of both levels, pair by pair; ``alpha`` is what each level of the factor may err, so that the
    intervals of all levels that have pairs with the reference hold together."""

    above: Floats
    below: Floats
    alpha: float

    def ratio(self) -> Estimate:
        """The ratio of the level to the reference. Raises ``CannotAnswer`` where there is none."""
        try:
            return compare_paired_ratio(self.above, self.below, self.alpha).estimate
        except NoValue as none:
            raise CannotAnswer(f"these pairs have no ratio: {none}") from None

    def detectable(self) -> float | None:
        """The smallest ratio over one that would have been found with a chance of four in five; null for few pairs."""
        try:
            return minimum_detectable_paired_ratio(self.above, self.below, self.alpha)
        except NoValue:
            return None


def sides(
    samples: Samples, kept: Sequence[Row], numbers: Mapping[str, float], asked: StatedContrast | StatedDetectable
) -> Sides:
    """Both sides of a contrast, paired again. Raises ``CannotAnswer`` for a factor that the runs do not have.

    Levels that the engine ran as one configuration count as the first of them.
    """
    rows = [row for row in kept if row["outcome"] in USABLE]
    column = f"level.{asked.factor}"
    if not rows or column not in rows[0]:
        raise CannotAnswer(f"the runs have no factor {asked.factor}")
    same = _first_of_each(samples, rows, asked.factor)
    found: dict[Hashable, dict[Hashable, list[float]]] = {}
    for row in rows:
        if row["run_id"] in numbers:
            level = same.get(row[column], row[column])
            found.setdefault(level, {}).setdefault(_pair(row, column), []).append(numbers[row["run_id"]])
    above_side, below_side = found.get(asked.level, {}), found.get(asked.reference, {})
    shared = [pair for pair in above_side if pair in below_side]
    family = sum(bool(side.keys() & below_side.keys()) for level, side in found.items() if level != asked.reference)
    above, below = (np.array([median(side[pair]) for pair in shared]) for side in (above_side, below_side))
    return Sides(above, below, ALPHA / max(1, family))


def _pair(row: Row, column: str) -> Hashable:
    """What two runs of one pair have in common: every other level, the stratum and the block."""
    others = tuple(row[name] for name in sorted(row) if name.startswith("level.") and name != column)
    return others, row["stratum"], row["block"]


def _first_of_each(samples: Samples, rows: Sequence[Row], factor: str) -> dict[Hashable, Hashable]:
    """The first level of each group of levels that were one configuration, by level."""
    column, proof = f"level.{factor}", samples.proof(factor)
    used = [json.loads(row["effective"] or "{}").get(proof) if proof else None for row in rows]
    others = [tuple(row[name] for name in row if name.startswith("level.") and name != column) for row in rows]
    groups = one_configuration([row[column] for row in rows], used, others)
    return {level: group[0] for group in groups for level in group}
