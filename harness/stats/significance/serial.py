"""Are the runs of one cell independent of each other? Every interval over runs assumes it.

Neighbouring runs of a session are often alike: a warm machine, a busy neighbour. With lag-one correlation r over the
session, two runs of one cell that lie k positions apart correlate by about rᵏ (a first-order autoregression).
Blocking and randomising make k large. The upper bound of r, to the power of the usual k, must be small: where it is
not, independence was not shown, and no interval may be printed. Runs of one cell made in a row never pass with
fewer than a thousand of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...outcomes import Missing, NoValue
from ..arrays import Floats
from .trend import residuals

LARGEST_CORRELATION = 0.05
_ONE_SIDED = 1.645


@dataclass(frozen=True, slots=True)
class Independence:
    """``lag_one`` and its upper 95 % bound over the session; ``spacing``: the median distance between a run and the
    next one of its cell; ``implied``: the bound to the power of the spacing."""

    lag_one: float
    upper: float
    spacing: float
    implied: float
    n: int

    @property
    def holds(self) -> bool:
        return self.implied <= LARGEST_CORRELATION

    @property
    def reason(self) -> Missing | None:
        """Why intervals must be withheld, or ``None``."""
        return None if self.holds else Missing.NOT_INDEPENDENT


def independence(values: Floats, positions: npt.ArrayLike, cells: npt.ArrayLike) -> Independence:
    """``values``, ``positions`` and ``cells``, all ``(n,)``: every run of the session, one entry each.

    Raises ``NoValue``: ``TOO_FEW_RUNS`` where no cell has two runs, ``NOT_APPLICABLE`` where a cell's median is zero.
    """
    relative = residuals(values, positions, cells).relative
    n = len(relative)
    if n < 3:
        raise NoValue(Missing.TOO_FEW_RUNS)
    lag_one = _lag_one(relative)
    upper = min(1.0, max(0.0, lag_one + (1 + _ONE_SIDED * n**0.5) / n))
    spacing = _spacing(np.asarray(positions, np.float64), np.asarray(cells))
    return Independence(lag_one, upper, spacing, float(upper**spacing), n)


def _lag_one(series: Floats) -> float:
    centred = series - series.mean()
    total = float((centred**2).sum())
    return float((centred[1:] * centred[:-1]).sum()) / total if total else 0.0


def _spacing(positions: Floats, cells: npt.NDArray[np.generic]) -> float:
    """Distances are counted in positions of the session, whatever runs failed in between."""
    order = np.lexsort((positions, cells))
    same = cells[order][1:] == cells[order][:-1]
    return float(np.median(np.diff(positions[order])[same]))
