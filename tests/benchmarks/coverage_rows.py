"""The rows of the coverage page: what a procedure was asked, how often it was right, and what it is held to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harness.stats.intervals.interval import Interval

CALIBRATED, SAFE, SILENT, SHOWN = "95 ± 1 %", "at least 94 %", "none printed", "shown"
FALSE_ALARM, FOUR_OF_FIVE = "at most 5 %", "78 to 82 %"


@dataclass(frozen=True, slots=True)
class Row:
    """``share`` is coverage or false positives, ``None`` where nothing was printed; ``printed`` of ``simulations``."""

    procedure: str
    shape: str
    n: str
    share: float | None
    printed: float
    simulations: int
    promise: str

    @property
    def holds(self) -> bool:
        if self.promise == SILENT:
            return self.printed <= 0.05
        if self.promise == SHOWN:
            return True
        if self.share is None:
            return False
        error = 2 * (self.share * (1 - self.share) / (self.simulations * self.printed)) ** 0.5
        if self.promise == CALIBRATED:
            return abs(self.share - 0.95) <= 0.01 + error
        if self.promise == FOUR_OF_FIVE:
            return abs(self.share - 0.8) <= 0.02 + error
        return self.share >= 0.94 - error if self.promise == SAFE else self.share <= 0.05 + error


Procedure = Callable[[np.random.Generator], Interval | None]


def coverage(name: str, shape: str, n: object, truth: float, promise: str, sims: int, procedure: Procedure) -> Row:
    """How often the interval that ``procedure`` prints for a fresh sample holds the truth."""
    rng = np.random.default_rng(hash_of(name, shape, str(n)))
    found = [procedure(rng) for _ in range(sims)]
    printed = [interval for interval in found if interval is not None]
    held = sum(interval.low <= truth <= interval.high for interval in printed)
    return Row(name, shape, str(n), held / len(printed) if printed else None, len(printed) / sims, sims, promise)


def alarms(name: str, shape: str, n: object, sims: int, alarm: Callable[[np.random.Generator], bool]) -> Row:
    """How often a procedure finds something where there is nothing."""
    rng = np.random.default_rng(hash_of(name, shape, str(n)))
    return Row(name, shape, str(n), sum(alarm(rng) for _ in range(sims)) / sims, 1.0, sims, FALSE_ALARM)


def hash_of(*parts: str) -> int:
    """A seed that is the same in every process."""
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:8], "big")
