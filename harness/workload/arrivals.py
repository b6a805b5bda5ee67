"""Schedules of an open loop: nanoseconds after the start at which requests are planned, ascending."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from ..errors import UsageError


def poisson(rate_per_s: float, n: int, seed: int) -> tuple[int, ...]:
    """``n`` arrivals of a Poisson process: independent exponential gaps with mean ``1 / rate_per_s``."""
    _require_rate(rate_per_s)
    rng = random.Random(seed)  # noqa: S311 a schedule, not a secret
    at, offsets = 0.0, []
    for _ in range(n):
        at += rng.expovariate(rate_per_s)
        offsets.append(round(at * 1e9))
    return tuple(offsets)


def uniform(rate_per_s: float, n: int) -> tuple[int, ...]:
    """``n`` arrivals at equal distances, the first at 0."""
    _require_rate(rate_per_s)
    return tuple(round(k * 1e9 / rate_per_s) for k in range(n))


def replayed(offsets_s: Sequence[float], speed: float = 1.0) -> tuple[int, ...]:
    """A recorded trace (seconds after its start, ascending), ``speed`` times as fast.

    Raises ``UsageError`` where the trace goes back in time.
    """
    _require_rate(speed)
    for k, (a, b) in enumerate(itertools.pairwise(offsets_s)):
        if b < a:
            raise UsageError(f"the trace goes back in time at arrival {k + 1}; sort it by time")
    if offsets_s and offsets_s[0] < 0:
        raise UsageError("the trace begins before its start; give offsets from the first arrival")
    return tuple(round(s * 1e9 / speed) for s in offsets_s)


def _require_rate(rate: float) -> None:
    if not 0 < rate < float("inf"):
        raise UsageError(f"a rate of {rate} makes no schedule; give a finite one above 0")
