"""Each number of the newer dataset over that of the older one, with a 95 % interval.

The unit is the run; where both datasets are of several sessions it is the session, of which each gives the median of
its runs. A number of one session holds for that session.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from ..datasets.read import Dataset
from ..metrics.batch import Floats
from ..metrics.definition import PRESENT
from ..metrics.runs import RunValues, per_runs
from ..outcomes import Missing, NoValue
from ..stats.comparison.shift import difference
from ..stats.significance.gate import no_interval
from .condition import Asked, Part
from .sides import Cell, Sides


@dataclass(frozen=True, slots=True)
class Ratio:
    """New over old of one metric at one cell; ``missing`` says why there is no ratio, or no interval."""

    cell: Cell
    asked: Asked
    old: float | None
    new: float | None
    ratio: float | None
    low: float | None
    high: float | None
    missing: str | None

    def part(self, part: Part) -> float | None:
        """The estimate, or an end of its interval."""
        return {"ratio": self.ratio, "low": self.low, "high": self.high}[part]


def ratios(over: Sides, asked: Sequence[Asked]) -> Iterator[Ratio]:
    """Every metric at every cell of either dataset, metric by metric."""
    by_session = len(over.old.recordings) > 1 and len(over.new.recordings) > 1
    for one in dict.fromkeys(asked):
        old, new = (_values(dataset, one) for dataset in (over.old, over.new))
        withheld = None if by_session else _withheld(old) or _withheld(new)
        for cell in over.cells():
            yield _ratio(cell, one, (_at(old, cell, by_session), _at(new, cell, by_session)), withheld)


def _values(dataset: Dataset, asked: Asked) -> RunValues:
    return per_runs(dataset.runs, dataset.requests, (asked.metric,), within=asked.within, tables=dataset)[asked.metric]


def _withheld(values: RunValues) -> Missing | None:
    """Why a session bears no interval of a metric, judged over all of its runs."""
    there = values.take(values.reason == PRESENT)
    return no_interval(there.values, there.columns["position"], there.columns["cell_id"])


def _at(values: RunValues, cell: Cell, by_session: bool) -> Floats:
    """The values at a cell: of its runs, or of its sessions."""
    mask = values.reason == PRESENT
    for name, level in cell:
        mask = mask & (values.columns[name] == level)
    there = values.take(mask)
    if not by_session:
        return there.present
    sessions = there.columns["session"]
    return np.array([np.median(there.values[sessions == one]) for one in np.unique(sessions)], np.float64)


def _ratio(cell: Cell, asked: Asked, found: tuple[Floats, Floats], withheld: Missing | None) -> Ratio:
    old, new = (float(np.median(one)) if len(one) else None for one in found)
    if old is None or new is None:
        where = "the older" if old is None else "the newer"
        return Ratio(cell, asked, old, new, None, None, None, f"{where} dataset has no such number")
    if min(found[0].min(), found[1].min()) <= 0:
        return Ratio(cell, asked, old, new, None, None, None, "a number is not above zero")
    try:
        apart = difference(np.log(found[1]), np.log(found[0]))
    except NoValue as none:
        return Ratio(cell, asked, old, new, None, None, None, none.reason.value)
    why = withheld or apart.missing
    if apart.interval is None or withheld:
        return Ratio(cell, asked, old, new, exp(apart.value), None, None, why.value if why else None)
    return Ratio(cell, asked, old, new, exp(apart.value), exp(apart.interval.low), exp(apart.interval.high), None)
