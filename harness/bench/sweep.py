"""Looks for the load at which a server saturates: doubles what is asked at once until that brings no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

GAIN = 1.1
"""Doubling the load has to bring at least this ratio of throughput, else the server is saturated."""
CLEAR = 1.5
"""A ratio that noise is not taken for: between none and this, both loads are tried again."""
MOST_STREAMS = 1024


@dataclass(frozen=True, slots=True)
class Step:
    """One load that was tried: ``streams`` at once, the ``tokens_per_s`` of all together, the share that ``failed``."""

    streams: int
    tokens_per_s: float
    failed: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was tried, in order of load, and why it stopped."""

    steps: tuple[Step, ...]
    why: str

    @property
    def levels(self) -> tuple[int, ...]:
        """The loads to measure: all that were tried, so that the last one shows the saturation."""
        return tuple(step.streams for step in self.steps)


Attempt = Callable[[int], Step]


def sweep(attempt: Attempt, most_failed: float, most: int = MOST_STREAMS) -> Sweep:
    """Tries 1, 2, 4, … at once, up to ``most``.

    Stops at the first load at which more than ``most_failed`` (a share) of the requests fail, or which brings less than
    ``GAIN`` times the throughput of the one before. What else the machine does only takes throughput away, so the
    better of two tries counts; a gain that is ``CLEAR`` needs no second one.
    """
    steps: list[Step] = []
    streams = 1
    while streams <= most:
        step = attempt(streams)
        if steps and step.failed <= most_failed and step.tokens_per_s < CLEAR * steps[-1].tokens_per_s:
            steps[-1] = _better(steps[-1], attempt(steps[-1].streams))
            step = _better(step, attempt(streams))
        steps.append(step)
        if step.failed > most_failed:
            return Sweep(tuple(steps), f"{step.failed:.0%} of the requests failed at {streams} at once")
        if not step.tokens_per_s:
            return Sweep(tuple(steps), f"no token came at {streams} at once")
        if len(steps) > 1 and step.tokens_per_s < GAIN * steps[-2].tokens_per_s:
            ratio = step.tokens_per_s / steps[-2].tokens_per_s
            return Sweep(tuple(steps), f"{streams} at once brought {ratio:.2f} times the throughput: it is saturated")
        streams *= 2
    return Sweep(tuple(steps), f"{most} at once is the most that is tried")


def _better(one: Step, other: Step) -> Step:
    """The try with more throughput, with the failures of the worse one."""
    best = max(one, other, key=lambda step: step.tokens_per_s)
    return Step(best.streams, best.tokens_per_s, max(one.failed, other.failed))
