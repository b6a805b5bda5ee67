"""After how many requests a cost of runs has been paid, computed again from pairs that are made here.

The published recipe, followed here from its description. Costs and savings of the pairs of a block are averaged. Every
two blocks, a block with itself too, have paid at the sum of their costs over the sum of their savings, and never where
that sum is not positive. The estimate is the median of these. An end of the interval lies as far from the smallest, or
from the largest, as the signed-rank test of that many blocks reaches at 2.5 %, interpolated between the two numbers
where it is passed.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import fmean, median
from typing import Any

from ..reader.dataset import USABLE
from ..reader.questions_json import StatedBreakEven
from ..reader.samples import CannotAnswer, Samples
from ..reader.values_json import StatedInterval
from .answer import Answer, block_of, kept
from .estimate import meaning, metric_of

TAIL = 0.025
FEWEST_BLOCKS = 6
Row = Mapping[str, Any]


def requests(samples: Samples, asked: StatedBreakEven) -> Answer:
    """The number of requests, or the fewest that may do. Raises ``CannotAnswer``."""
    metric, cost = metric_of(asked.metric, asked.version), metric_of(asked.cost, asked.cost_version)
    rows = [row for row in kept(samples, asked.where) if row["outcome"] in USABLE]
    column = f"level.{asked.factor}"
    if not rows or column not in rows[0]:
        raise CannotAnswer(f"the runs have no factor {asked.factor}")
    numbers = samples.per_run(metric, asked.phase, asked.within)
    mine = _medians(rows, column, asked.level, numbers, metric.unit.scale)
    other = _medians(rows, column, asked.reference, numbers, metric.unit.scale)
    paid = _medians(rows, column, asked.level, samples.per_run(cost, None, None), cost.unit.scale)
    home = {_pair(row, column): block_of(samples, row) for row in rows}
    blocks = _averaged(
        (home[pair], paid[pair], other[pair] - mine[pair]) for pair in mine if pair in other and pair in paid
    )
    text = meaning(metric)
    if not blocks or min(spent for spent, _ in blocks) <= 0:
        return Answer(None, 0, meaning=text)
    points = _points(blocks)
    low, high = _ends(points, len(blocks)) if len(blocks) >= FEWEST_BLOCKS else (None, None)
    number = median(points) if asked.end == "estimate" else low
    if number is None or math.isinf(number):
        return Answer(None, 0, meaning=text)
    if asked.end == "least" or low is None or high is None or math.isinf(high):
        return Answer(number, len(blocks), meaning=text)
    interval = StatedInterval(low=low, high=high, level=0.95, method="signed rank, inverted")
    return Answer(number, len(blocks), meaning=text, interval=interval)


def _medians(
    rows: Sequence[Row], column: str, level: object, numbers: Mapping[str, float], scale: float
) -> dict[Hashable, float]:
    found: dict[Hashable, list[float]] = {}
    for row in rows:
        if row[column] == level and row["run_id"] in numbers:
            found.setdefault(_pair(row, column), []).append(numbers[row["run_id"]] * scale)
    return {pair: median(own) for pair, own in found.items()}


def _pair(row: Row, column: str) -> Hashable:
    """What two runs of one pair have in common: every other level, the stratum and the block."""
    others = tuple(row[name] for name in sorted(row) if name.startswith("level.") and name != column)
    return others, row["stratum"], row["block"]


def _averaged(pairs: Iterable[tuple[str, float, float]]) -> list[tuple[float, float]]:
    """The mean cost and the mean saving of each block, from those of its pairs."""
    found: dict[str, list[tuple[float, float]]] = {}
    for block, spent, saved in pairs:
        found.setdefault(block, []).append((spent, saved))
    return [(fmean(spent for spent, _ in own), fmean(saved for _, saved in own)) for own in found.values()]


def _points(blocks: Sequence[tuple[float, float]]) -> list[float]:
    found = []
    for k, (spent, saved) in enumerate(blocks):
        for other_spent, other_saved in blocks[k:]:
            together = saved + other_saved
            found.append((spent + other_spent) / together if together > 0 else math.inf)
    return sorted(found)


def _ends(points: Sequence[float], n: int) -> tuple[float, float]:
    """Counts the ways of giving signs to ranks, one rank after another, until the tail is full."""
    ways = [1.0]
    for rank in range(1, n + 1):
        longer = [*ways, *[0.0] * rank]
        ways = [count + (ways[k - rank] if k >= rank else 0.0) for k, count in enumerate(longer)]
    passed, k = 0.0, 0
    while passed + ways[k] / 2**n <= TAIL:
        passed += ways[k] / 2**n
        k += 1
    share = (TAIL - passed) / (ways[k] / 2**n)
    return _mixed(points[k - 1], points[k], share), _mixed(points[-k], points[-k - 1], share)


def _mixed(outer: float, inner: float, share: float) -> float:
    return outer if math.isinf(outer) else (1 - share) * outer + share * inner
