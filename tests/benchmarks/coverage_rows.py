"""The rows of the coverage page: what a procedure was asked, how often it was right, and what it is held to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from harness.stats.arrays import Bools
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


AT_ONCE = 200
"""Samples in one table: enough that calls cost little, few enough that a table of all their draws stays small."""

SHUFFLED = 10
"""Samples that one set of shuffles judges: one set alone finds a bit more or less than 5 %, so that a row by few sets
would be less certain than the number of its simulations says."""

Procedure = Callable[[np.random.Generator], Interval | None]
Name = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """Rows that are made together, each known by its procedure, shape and n before it is made."""

    names: tuple[Name, ...]
    make: Callable[[], list[Row]]


def coverage(name: str, shape: str, n: object, truth: float, promise: str, sims: int, procedure: Procedure) -> Job:
    """How often the interval that ``procedure`` prints for a fresh sample holds the truth."""

    def made(rng: np.random.Generator) -> list[Row]:
        found = [procedure(rng) for _ in range(sims)]
        printed = [interval for interval in found if interval is not None]
        held = sum(interval.low <= truth <= interval.high for interval in printed)
        return [Row(name, shape, str(n), held / len(printed) if printed else None, len(printed) / sims, sims, promise)]

    return seeded((name, shape, str(n)), made)


def at_once(
    name: str,
    shape: str,
    n: object,
    promise: str,
    sims: int,
    found: Callable[[np.random.Generator, int], Bools],
    table: int = AT_ONCE,
) -> Job:
    """How often the interval held, or the test found something: ``found`` says so of a ``table`` of samples."""

    def made(rng: np.random.Generator) -> list[Row]:
        counts = [min(table, sims - first) for first in range(0, sims, table)]
        share = sum(int(np.count_nonzero(found(rng, count))) for count in counts) / sims
        return [Row(name, shape, str(n), share, 1.0, sims, promise)]

    return seeded((name, shape, str(n)), made)


def seeded(name: Name, made: Callable[[np.random.Generator], list[Row]]) -> Job:
    """One row from the random numbers of its name."""
    return Job((name,), lambda: made(np.random.default_rng(hash_of(*name))))


def hash_of(*parts: str) -> int:
    """A seed that is the same in every process."""
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:8], "big")
