"""Rules for what an engine says about itself."""

from __future__ import annotations

import numpy as np

from ..outcomes import Missing
from .batch import Bools, Floats
from .definition import Rule


def counter_rules(usable: Bools, *counters: Floats) -> tuple[Rule, ...]:
    """The request failed; a counter was not reported (NaN); a counter is negative or infinite."""
    absent = np.zeros(len(usable), np.bool_)
    bad = np.zeros(len(usable), np.bool_)
    for counter in counters:
        absent |= np.isnan(counter)
        bad |= (counter < 0) | np.isinf(counter)
    return (~usable, Missing.REQUEST_FAILED), (bad, Missing.BAD_COUNTER), (absent, Missing.NOT_REPORTED)
