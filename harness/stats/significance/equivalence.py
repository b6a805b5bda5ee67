"""Equivalence: shown to differ by less than a declared margin, instead of not shown to differ.

Two one-sided rank-sum tests (TOST) on the ratio: A is equivalent to B when it is shown to be both more than
B / (1 + margin) and less than B × (1 + margin). The margin is part of the study's declaration, never chosen after
looking at the data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...errors import UsageError
from ..arrays import Floats
from ..comparison.shift import ratio
from ..intervals.interval import Estimate
from .rank_sum import rank_sum


@dataclass(frozen=True, slots=True)
class Equivalence:
    """``p_value`` is the larger of the two one-sided ones. ``ratio`` carries the 1 − 2·alpha interval, the one
    that must lie inside the margin."""

    margin: float
    p_value: float
    ratio: Estimate
    alpha: float

    @property
    def equivalent(self) -> bool:
        return self.p_value <= self.alpha


def equivalence(a: Floats, b: Floats, margin: float, alpha: float = 0.05) -> Equivalence:
    """Whether positive samples ``(n,)`` and ``(m,)`` differ by less than the factor 1 + ``margin`` (0.05 is 5 %).

    Raises ``NoValue``: ``TOO_FEW_RUNS`` where n and m cannot reach ``alpha``, ``NOT_APPLICABLE`` for values ≤ 0;
    ``UsageError`` for a margin that is not positive.
    """
    if not margin > 0:
        raise UsageError(f"an equivalence margin is positive, not {margin}; declare one such as 0.05")
    estimated = ratio(a, b, 1 - 2 * alpha)
    shift, logs = math.log1p(margin), np.log(np.asarray(b, np.float64))
    above = rank_sum(np.log(a) + shift, logs, "greater", alpha)
    below = rank_sum(np.log(a) - shift, logs, "less", alpha)
    return Equivalence(margin, max(above.p_value, below.p_value), estimated, alpha)
