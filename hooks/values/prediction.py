"""What a recording on a new host would give, from the numbers of the hosts that there are: an operation over values.

Hosts are a random effect and are not weighted (``stats.intervals.prediction``). A prediction is the end of a formula:
its interval is that of a new host, not of an estimate, so no other operation may take it but a change of unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from .evidence import Interval

PREDICT = "predict"
FEWEST = 3
"""As ``stats.intervals.prediction`` has it, whose import takes numpy and scipy along."""
DEFINITION = (
    "what a recording on a new host would give: the geometric mean over hosts, with a prediction interval from the"
    " spread of their logarithms; hosts are a random effect and unweighted, and the error of each is within that spread"
)
NO_LOGARITHM = "no prediction: a number is not above zero"
ALIKE = "no interval: all hosts give the same number"


def predicted(numbers: Sequence[float]) -> tuple[float, Interval | None]:
    """The number and the interval for a new host; ``numbers`` are positive, one of each host, in one unit."""
    import numpy as np

    from harness.stats.intervals.prediction import of_a_new_host

    found = of_a_new_host(np.array(numbers, np.float64))
    return found.value, Interval(*astuple(found.interval)) if found.interval else None
