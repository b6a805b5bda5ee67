"""After how many uses has a cost been paid by what each use saves? From blocks, with both of them uncertain.

After N uses block i has paid c_i − N · s_i more than it would have without. The signed-rank test asks whether that lies
about zero, and the interval holds every N for which it does not say no. The pairwise averages of cost and saving cross
zero at N = (c_i + c_j) / (s_i + s_j), never where the two save nothing together; so estimate and ends are order
statistics of these, as Hodges and Lehmann's are of a difference. Where a saving is not shown there is no upper end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from ..intervals.interval import Interval
from ..significance.signed_rank import bounds

METHOD = "signed rank, inverted"


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Uses after which the cost is paid; infinite where it is never. ``low`` and ``high`` end the interval and are null
    with too few blocks."""

    number: float
    low: float | None
    high: float | None
    level: float
    n: int

    @property
    def interval(self) -> Interval | None:
        """The interval, where it has two ends."""
        if self.low is None or self.high is None or math.isinf(self.high):
            return None
        return Interval(self.low, self.high, self.level, METHOD)


def break_even(cost: Floats, saving: Floats, alpha: float = 0.05) -> BreakEven:
    """From the mean ``cost`` of each block and its mean ``saving`` per use, both ``(n,)`` and in one unit.

    Raises ``NoValue``: ``TOO_FEW_RUNS`` for no block, ``NOT_APPLICABLE`` where a cost is not positive.
    """
    cost, saving = sample(cost), sample(saving)
    n = len(cost)
    if not n:
        raise NoValue(Missing.TOO_FEW_RUNS)
    if bool((cost <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    i, j = np.triu_indices(n)
    spent, saved = cost[i] + cost[j], saving[i] + saving[j]
    crossings = np.sort(np.divide(spent, saved, out=np.full(len(spent), np.inf), where=saved > 0))
    number = float(np.median(crossings))
    if 2.0 ** (1 - n) > alpha:
        return BreakEven(number, None, None, 1 - alpha, n)
    rank, weight = bounds(n, 1 - alpha)
    low = _between(float(crossings[rank - 1]), float(crossings[rank]), weight)
    high = _between(float(crossings[-rank]), float(crossings[-rank - 1]), weight)
    return BreakEven(number, low, high, 1 - alpha, n)


def _between(outer: float, inner: float, weight: float) -> float:
    """The number at ``weight`` from the outer to the inner one; infinite where the outer one is."""
    return outer if math.isinf(outer) else (1 - weight) * outer + weight * inner
