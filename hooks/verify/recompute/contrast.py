"""What a level does against a reference, in pairs of runs that share everything else, paired and averaged by block here
again."""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.outcomes import NoValue
from harness.stats.comparison.factor_effect import block_comparison
from harness.stats.comparison.null_effect import one_configuration
from harness.stats.comparison.sessions import would_be_found
from harness.stats.intervals.interval import Estimate

from ..reader.dataset import USABLE
from ..reader.questions_json import StatedContrast, StatedDetectable, StatedSpread
from ..reader.samples import CannotAnswer, Samples
from .answer import block_of

ALPHA = 0.05
Row = Mapping[str, Any]
Compared = StatedContrast | StatedDetectable | StatedSpread
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sides:
    """The mean log ratio of both levels in every block; ``alpha`` is what each level of the factor may err, so that the
    intervals of all levels that have pairs with the reference hold together."""

    logs: Floats
    alpha: float

    def ratio(self) -> Estimate:
        """The ratio of the level to the reference. Raises ``CannotAnswer`` where there is none."""
        try:
            return block_comparison(self.logs, self.alpha).estimate
        except NoValue as none:
            raise CannotAnswer(f"these blocks have no ratio: {none}") from None

    def detectable(self) -> float | None:
        """The smallest ratio over one that would have been found with a chance of four in five; null for few blocks."""
        return would_be_found(self.logs, self.alpha)


def sides(samples: Samples, kept: Sequence[Row], numbers: Mapping[str, float], asked: Compared) -> Sides:
    """Both sides of a contrast, paired again. Raises ``CannotAnswer`` for a factor that the runs do not have.

    Levels that the engine ran as one configuration count as the first of them.
    """
    rows = [row for row in kept if row["outcome"] in USABLE]
    factor = asked.factor or ""
    column = f"level.{factor}"
    if not rows or column not in rows[0]:
        raise CannotAnswer(f"the runs have no factor {factor}")
    same = _first_of_each(samples, rows, factor)
    others = other_levels(rows[0], column)
    found: dict[Hashable, dict[Hashable, list[float]]] = {}
    home: dict[Hashable, Hashable] = {}
    for row in rows:
        if row["run_id"] in numbers:
            level = same.get(row[column], row[column])
            pair: Hashable = tuple(row[name] for name in others), row["stratum"], row["block"]
            found.setdefault(level, {}).setdefault(pair, []).append(numbers[row["run_id"]])
            home[pair] = block_of(samples, row)
    above, below = found.get(asked.level, {}), found.get(asked.reference, {})
    family = sum(bool(side.keys() & below.keys()) for level, side in found.items() if level != asked.reference)
    blocks: dict[Hashable, list[float]] = {}
    for pair in above.keys() & below.keys():
        numbers_of = median(above[pair]), median(below[pair])
        if min(numbers_of) <= 0:
            raise CannotAnswer("a ratio of numbers that are not positive means nothing")
        blocks.setdefault(home[pair], []).append(math.log(numbers_of[0] / numbers_of[1]))
    logs = np.array([fmean(blocks[block]) for block in sorted(blocks, key=str)])
    return Sides(logs, ALPHA / max(1, family))


def other_levels(row: Row, column: str) -> list[str]:
    """The columns of every level but one: with the stratum and the block, what two runs of one pair have in common."""
    return [name for name in sorted(row) if name.startswith("level.") and name != column]


def _first_of_each(samples: Samples, rows: Sequence[Row], factor: str) -> dict[Hashable, Hashable]:
    """The first level of each group of levels that were one configuration, by level."""
    column, names = f"level.{factor}", other_levels(rows[0], f"level.{factor}")
    proofs = samples.once(("proofs", factor), lambda: _proofs(samples, factor))
    others = [tuple(row[name] for name in names) for row in rows]
    groups = one_configuration([row[column] for row in rows], [proofs.get(row["run_id"]) for row in rows], others)
    return {level: group[0] for group in groups for level in group}


def _proofs(samples: Samples, factor: str) -> dict[str, Any]:
    """The engine's setting that proves a level of ``factor``, by run; empty where the study declares none."""
    proof = samples.proof(factor)
    return {row["run_id"]: json.loads(row["effective"] or "{}").get(proof) for row in samples.runs if proof}
