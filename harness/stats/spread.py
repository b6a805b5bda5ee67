"""How far values of one kind lie apart, as a factor."""

from __future__ import annotations

import math

import numpy as np

from .arrays import Floats, sample
from .intervals.interval import Estimate, Interval

METHOD = "chi-squared, of normal logarithms"


def log_spread(logs: Floats, level: float = 0.95) -> Estimate:
    """The standard deviation of ``logs (n,)``, n ≥ 2, as the factor whose logarithm it is.

    Its interval is exact for normal logarithms, and wide for few of them; none where all of them are equal.
    """
    from scipy.stats import chi2

    values = sample(logs)
    n, sd = len(values), float(np.std(values, ddof=1))
    tail = (1 - level) / 2
    low, high = (math.sqrt((n - 1) / float(chi2.ppf(p, n - 1))) for p in (1 - tail, tail))
    interval = Interval(math.exp(sd * low), math.exp(sd * high), level, METHOD) if sd > 0 else None
    return Estimate(math.exp(sd), interval, None, n, "spread")
