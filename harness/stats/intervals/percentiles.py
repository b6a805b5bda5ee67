"""Percentiles, and from how many values one may be printed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...errors import UsageError
from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample
from . import binomial


@dataclass(frozen=True, slots=True)
class Percentile:
    """A quantile with its distribution-free upper bound: the true one is below ``upper`` with ``level``."""

    quantile: float
    value: float
    upper: float
    level: float
    n: int


def minimum_n(quantile: float, level: float = 0.95) -> int:
    """The smallest n whose extreme value bounds this quantile with ``level``: 59 for p95, 299 for p99.

    The largest of n independent values lies above the q quantile with probability 1 − qⁿ, whatever their
    distribution; below that n no order statistic bounds it.
    """
    if not 0 < quantile < 1:
        raise UsageError(f"a quantile lies between 0 and 1, not {quantile}")
    return math.ceil(math.log1p(-level) / math.log(max(quantile, 1 - quantile)) - 1e-9)


def percentile(values: Floats, quantile: float, level: float = 0.95) -> Percentile:
    """A quantile of ``values (n,)`` by linear interpolation, with its one-sided order-statistic bound.

    The bound holds for independent values: requests of several runs are not, give runs or one run's requests.
    Raises ``NoValue(TOO_FEW_SAMPLES)`` below ``minimum_n``.
    """
    ordered = np.sort(sample(values))
    n = len(ordered)
    if n < minimum_n(quantile, level):
        raise NoValue(Missing.TOO_FEW_SAMPLES)
    rank = binomial.quantile(level, n, quantile)
    return Percentile(quantile, float(np.quantile(ordered, quantile)), float(ordered[min(rank, n - 1)]), level, n)
