"""What stands behind a value: its strength, its interval and the sample it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median
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


_REDUCTIONS: Mapping[str, Callable[[list[float]], float]] = {"median": median, "mean": fmean, "max": max}


@dataclass(frozen=True, slots=True)
class Sample:
    """What an estimate was computed from, never shown: one number per run, shape ``(runs,)``, null where missing.

    ``statistic`` (``mean``, ``median`` or ``max``) turns the runs of a block into one number and these into the
    estimate. ``blocks`` names the block of each run (where there are several sessions, its session), since runs of one
    block are alike; empty where each run is one of its own. ``withheld`` says why no interval may be made of it.
    """

    cells: tuple[str, ...]
    runs: tuple[str, ...]
    numbers: tuple[float | None, ...]
    statistic: Literal["median", "mean", "max"]
    blocks: tuple[str, ...] = ()
    withheld: str = ""

    def by_block(self) -> list[float]:
        """One number for each block that has one, in the order of the blocks' first runs."""
        return list(self.of_blocks().values())

    def of_blocks(self) -> dict[str, float]:
        """The same by the names of the blocks."""
        found: dict[str, list[float]] = {}
        for block, number in zip(self.blocks or self.runs, self.numbers, strict=True):
            if number is not None:
                found.setdefault(block, []).append(number)
        reduce = _REDUCTIONS[self.statistic]
        return {block: reduce(numbers) for block, numbers in found.items()}
