"""What one more host would give, from what a few hosts gave.

Hosts are taken for a random draw of those that there are, and their logarithms for normal. The prediction interval is
mean ± t(k − 1) · s · √(1 + 1 / k) of the logarithms of k hosts, as factors (Hahn and Meeker, *Statistical Intervals*,
1991, chapter 4). Hosts are not weighted: the error of each number is part of the spread s, so the interval is for what
a recording on a new host would give, error included.
"""

from __future__ import annotations

import math

import numpy as np

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from .interval import Estimate, Interval

FEWEST = 3
"""Two hosts tell one difference, whose own size nobody knows."""
EQUAL = 1e-9
"""Logarithms that differ by less are of one number."""
METHOD = "Student t of logarithms, for a new host"


def of_a_new_host(values: Floats, level: float = 0.95) -> Estimate:
    """The geometric mean of ``values (hosts,)`` with the prediction interval; no interval where all are equal.

    Raises ``NoValue``: ``TOO_FEW_RUNS`` below ``FEWEST`` hosts, ``NOT_APPLICABLE`` for values ≤ 0.
    """
    numbers = sample(values)
    k = len(numbers)
    if k < FEWEST:
        raise NoValue(Missing.TOO_FEW_RUNS)
    if bool((numbers <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    from scipy.special import stdtrit

    logs = np.log(numbers)
    mean = float(np.mean(logs))
    if float(np.ptp(logs)) < EQUAL:
        return Estimate(math.exp(mean), None, Missing.NOT_APPLICABLE, k, "geometric mean")
    half = float(stdtrit(k - 1, (1 + level) / 2)) * float(np.std(logs, ddof=1)) * math.sqrt(1 + 1 / k)
    interval = Interval(math.exp(mean - half), math.exp(mean + half), level, METHOD)
    return Estimate(math.exp(mean), interval, None, k, "geometric mean")
