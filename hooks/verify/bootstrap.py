"""The interval of a derived value, drawn again from the runs of everything that it was computed from.

The published recipe, followed here from its description: draws with replacement of each cell's runs (sorted
by id), from a generator seeded with the SHA-256 of the cell and its runs, so that operands which share runs move
together; the whole formula on each draw; percentiles of the finite results. Where an operand is a mean, the
percentiles are those of Student's t with Welch–Satterthwaite degrees of freedom instead of the normal's, each
cell's share of the variance inflated by n / (n − 1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, t

from .estimate import Answer
from .stated import StatedInterval

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Formula = Callable[[Sequence[Floats]], Floats]

DRAWS = 2000
LEVEL = 0.95
FEWEST_RUNS = 5
FEWEST_RUNS_IN_CELL = 2
METHOD = "joint bootstrap over runs, stratified by cell"


@dataclass(frozen=True)
class Resampling:
    """Measured operands, their cells' runs and the formula that combines draws of the operands."""

    operands: Sequence[Answer]
    formula: Formula

    def interval(self) -> StatedInterval | None:
        """The interval, or ``None`` where an operand rests on too few runs."""
        cells = self._cells()
        thin = any(sum(number is not None for number in one.numbers) < FEWEST_RUNS for one in self.operands)
        if thin or not cells or min(map(len, cells.values())) < FEWEST_RUNS_IN_CELL:
            return None
        rows = {cell: _rows(cell, runs) for cell, runs in cells.items()}
        drawn = self._results(cells, rows)
        if len(drawn) < DRAWS // 2:
            return None
        tail = self._tail(cells, rows)
        if tail is None:
            return None
        low, high = np.quantile(drawn, [tail, 1 - tail])
        return StatedInterval(low=float(low), high=float(high), level=LEVEL, method=METHOD)

    def _cells(self) -> dict[str, list[str]]:
        members: dict[str, set[str]] = {}
        for one in self.operands:
            for cell, run in zip(one.cells, one.runs, strict=True):
                members.setdefault(cell, set()).add(run)
        return {cell: sorted(runs) for cell, runs in sorted(members.items())}

    def _results(self, cells: Mapping[str, list[str]], rows: Mapping[str, Rows]) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            results = self.formula([_redrawn(one, cells, rows) for one in self.operands])
        finite: Floats = results[np.isfinite(results)]
        return finite

    def _tail(self, cells: Mapping[str, list[str]], rows: Mapping[str, Rows]) -> float | None:
        plain = (1 - LEVEL) / 2
        if all(one.statistic == "median" for one in self.operands):
            return plain
        as_recorded = {cell: np.tile(np.arange(len(runs)), (DRAWS, 1)) for cell, runs in cells.items()}
        shares = {cell: self._results(cells, {**as_recorded, cell: rows[cell]}) for cell in cells}
        if any(not len(results) for results in shares.values()):
            return None
        variance = {cell: float(np.var(results)) for cell, results in shares.items()}
        if sum(variance.values()) == 0:
            return plain
        return _student_tail(variance, {cell: len(runs) for cell, runs in cells.items()})


def _student_tail(variance: Mapping[str, float], sizes: Mapping[str, int]) -> float:
    inflated = {cell: share * sizes[cell] / (sizes[cell] - 1) for cell, share in variance.items()}
    total = sum(inflated.values())
    freedom = total**2 / sum(share**2 / (sizes[cell] - 1) for cell, share in inflated.items())
    widening = (total / sum(variance.values())) ** 0.5
    return float(norm.cdf(-widening * t.ppf((1 + LEVEL) / 2, freedom)))


def _rows(cell: str, runs: Sequence[str]) -> Rows:
    digest = hashlib.sha256("\n".join([cell, *runs]).encode()).digest()
    generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
    return generator.integers(0, len(runs), (DRAWS, len(runs)))


def _redrawn(one: Answer, cells: Mapping[str, list[str]], rows: Mapping[str, Rows]) -> Floats:
    """The operand's estimate on every draw, shape ``(DRAWS,)``; NaN where a draw holds no run with a value."""
    known = dict(zip(one.runs, one.numbers, strict=True))
    columns = []
    for cell in sorted(set(one.cells)):
        numbers = np.array([np.nan if (found := known.get(run)) is None else found for run in cells[cell]])
        columns.append(numbers[rows[cell]])
    drawn = np.hstack(columns)
    empty = np.isnan(drawn).all(axis=1)
    drawn[empty, 0] = 0.0
    reduced: Floats = np.nanmean(drawn, axis=1) if one.statistic == "mean" else np.nanmedian(drawn, axis=1)
    return np.where(empty, np.nan, reduced)
