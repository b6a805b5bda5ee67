"""Looks for the load at which a server saturates: doubles what is asked at once until that brings no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

GAIN = 1.05
"""Doubling the load has to bring at least this ratio of throughput, else the server is saturated."""
MOST_STREAMS = 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One load that was tried: ``streams`` at once, the ``tokens_per_s`` of all together, the share that ``failed``."""

    streams: int
    tokens_per_s: float
    failed: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was tried, in order, and why it stopped."""

    steps: tuple[Step, ...]
    why: str

    @property
    def levels(self) -> tuple[int, ...]:
        """The loads to measure: all that were tried, so that the last one shows the saturation."""
        return tuple(step.streams for step in self.steps)


def sweep(attempt: Callable[[int], Step], most_failed: float, most: int = MOST_STREAMS) -> Sweep:
    """Tries 1, 2, 4, … at once, up to ``most``.

    Stops at the first load at which more than ``most_failed`` (a share) of the requests fail, or which brings less than
    ``GAIN`` times the best throughput so far.
    """
    steps: list[Step] = []
    streams = 1
    while streams <= most:
        step = attempt(streams)
        best = max((earlier.tokens_per_s for earlier in steps), default=0.0)
        steps.append(step)
        if step.failed > most_failed:
            return Sweep(tuple(steps), f"{step.failed:.0%} of the requests failed at {streams} at once")
        if step.tokens_per_s < GAIN * best:
            change = step.tokens_per_s / best - 1
            return Sweep(tuple(steps), f"{streams} at once changed throughput by {change:+.0%}: it is saturated")
        streams *= 2
    return Sweep(tuple(steps), f"{most} at once is the most that is tried")
