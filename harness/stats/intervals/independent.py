"""The ratio of two independent estimates that are known by their intervals alone.

Square and add (MOVER, Zou and Donner 2008, doi:10.1002/sim.3095) on the scale of logarithms: the distances of both
estimates to their ends are squared, added and rooted. Both intervals keep what they know of their own shape and of
their own few sessions. Where both samples share something, such as sessions, it cancels in a ratio, and the interval
covers too much.
"""

from __future__ import annotations

import math

from .interval import Interval

METHOD = "square and add"


def ratio_of(a: float, of_a: Interval, b: float, of_b: Interval) -> Interval | None:
    """The interval of a / b at the lower of both levels; null where an end is not positive."""
    if min(a, b, of_a.low, of_b.low) <= 0:
        return None
    shift = math.log(a / b)
    down = math.hypot(math.log(a / of_a.low), math.log(of_b.high / b))
    up = math.hypot(math.log(of_a.high / a), math.log(b / of_b.low))
    return Interval(math.exp(shift - down), math.exp(shift + up), min(of_a.level, of_b.level), METHOD)
