"""Effect sizes: how large a difference is, beside whether there is one."""

from __future__ import annotations

import numpy as np

from ..arrays import Floats, sample


def cliffs_delta(a: Floats, b: Floats) -> float:
    """P(a > b) − P(a < b), between −1 and 1, for samples ``(n,)`` and ``(m,)``, neither empty."""
    a, ordered = sample(a), np.sort(sample(b))
    below = np.searchsorted(ordered, a, side="left")
    above = len(ordered) - np.searchsorted(ordered, a, side="right")
    return float((below - above).sum() / (len(a) * len(ordered)))


def hedges_g(a: Floats, b: Floats) -> float | None:
    """Difference of means in pooled standard deviations, corrected for small n.

    ``None`` for fewer than two values on a side or without any spread.
    """
    a, b = sample(a), sample(b)
    n, m = len(a), len(b)
    if n < 2 or m < 2:
        return None
    pooled = (((n - 1) * np.var(a, ddof=1) + (m - 1) * np.var(b, ddof=1)) / (n + m - 2)) ** 0.5
    if pooled == 0:
        return None
    return float((np.mean(a) - np.mean(b)) / pooled * (1 - 3 / (4 * (n + m) - 9)))
