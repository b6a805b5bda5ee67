"""The clock that everything is measured with: its smallest step and what a reading costs."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable

from ..events import Reading
from ..protocols import Capability
from ..protocols.probe import Engines

_READS = 2000


def resolution_ns(reads: int = _READS) -> int:
    """The smallest step in nanoseconds that ``time.monotonic_ns`` was seen to take; takes well under 1 ms."""
    stamps = [time.monotonic_ns() for _ in range(reads)]
    steps = [b - a for a, b in itertools.pairwise(stamps) if b > a]
    while not steps:
        start = stamps[-1]
        while (now := time.monotonic_ns()) == start:
            pass
        steps = [now - start]
    return min(steps)


def cost_ns(reads: int = _READS) -> float:
    """Mean nanoseconds that one reading of the clock takes."""
    start = time.monotonic_ns()
    for _ in range(reads):
        time.monotonic_ns()
    return (time.monotonic_ns() - start) / reads


class ClockProbe:
    """Resolution and cost of the monotonic clock, read only when the run starts and ends."""

    name = "clock"
    interval_s = 3600.0

    @classmethod
    def capability(cls) -> Capability:
        return Capability(cls.name, available=True, version=time.get_clock_info("monotonic").implementation)

    def open(self, engines: Engines) -> None:
        """Needs nothing."""

    def sample(self) -> Iterable[Reading]:
        at = time.monotonic_ns()
        return (
            Reading(self.name, "clock_resolution", "ns", at, float(resolution_ns())),
            Reading(self.name, "clock_cost", "ns", at, cost_ns()),
        )

    def close(self) -> None:
        """Holds nothing."""
