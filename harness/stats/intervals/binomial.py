"""The binomial distribution, without the second that importing ``scipy.stats`` takes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..arrays import Floats


def cdf(k: npt.ArrayLike, n: int, p: float) -> Floats:
    """The probability of at most ``k`` successes in ``n`` trials, elementwise; none below zero."""
    from scipy.special import bdtr

    k = np.asarray(k, np.float64)
    found: Floats = np.where(k < 0, 0.0, bdtr(np.maximum(k, 0), n, p))
    return found


def quantile(q: float, n: int, p: float) -> int:
    """The smallest k with a probability of at least ``q`` to have at most k successes."""
    return int(np.searchsorted(cdf(np.arange(n + 1), n, p), q))
