"""What stands behind a value: its strength, its interval and the sample it came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Level = str | int | float | bool


class Strength(StrEnum):
    """How a number came to be, strongest first; a combination takes the weakest."""

    MEASURED = "measured"
    DERIVED = "derived"
    MODELLED = "modelled"
    EXTRAPOLATED = "extrapolated"
    CITED = "cited"


_ORDER = {strength: rank for rank, strength in enumerate(Strength)}


def weakest(*strengths: Strength) -> Strength:
    """The weakest of ``strengths``, and never stronger than *derived*: what a combination of them is."""
    return max((*strengths, Strength.DERIVED), key=_ORDER.__getitem__)


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval estimate in the unit of its value; ``level`` is 0.95 for 95 %."""

    low: float
    high: float
    level: float
    method: str

    def scaled(self, factor: float) -> Interval:
        """The same interval in another unit; ``factor`` is positive."""
        return Interval(self.low * factor, self.high * factor, self.level, self.method)

    def record(self) -> dict[str, object]:
        return {"low": self.low, "high": self.high, "level": self.level, "method": self.method}


@dataclass(frozen=True, slots=True)
class Sample:
    """What an estimate was computed from, never shown: one number per run, shape ``(runs,)``, null where missing.

    ``statistic`` turns them into the estimate: ``mean``, ``median`` or ``max``.
    """

    cells: tuple[str, ...]
    runs: tuple[str, ...]
    numbers: tuple[float | None, ...]
    statistic: Literal["median", "mean", "max"]
