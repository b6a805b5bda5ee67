"""Rules for what an engine says about itself."""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ..batch import Bools, Floats
from ..definition import Rule

SHORTEST_MS = 1e-6


def counter_rules(usable: Bools, *counters: Floats) -> tuple[Rule, ...]:
    """The request failed; a counter was not reported (NaN); a counter is negative or infinite."""
    absent = np.zeros(len(usable), np.bool_)
    bad = np.zeros(len(usable), np.bool_)
    for counter in counters:
        absent |= np.isnan(counter)
        bad |= (counter < 0) | np.isinf(counter)
    return (~usable, Missing.REQUEST_FAILED), (bad, Missing.BAD_COUNTER), (absent, Missing.NOT_REPORTED)


def no_time(milliseconds: Floats) -> Rule:
    """A duration under a nanosecond: no engine measures that, and a rate over it would be nonsense."""
    return milliseconds < SHORTEST_MS, Missing.BAD_COUNTER
