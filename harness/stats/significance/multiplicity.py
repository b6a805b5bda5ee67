"""Many tests at once: Holm inside a declared family, Benjamini–Hochberg for exploration."""

from __future__ import annotations

import numpy as np
import scipy

from ..arrays import Floats, sample


def holm(p_values: Floats) -> Floats:
    """Adjusted p-values ``(n,)``: comparing them with alpha keeps the chance of any false finding below alpha."""
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p-values ``(n,)``: comparing them with q keeps the expected share of false findings below q."""
    p = _checked(p_values)
    return np.asarray(scipy.stats.false_discovery_control(p, method="bh"), np.float64) if len(p) else p


def _checked(p_values: Floats) -> Floats:
    p = sample(p_values)
    if bool(((p < 0) | (p > 1)).any()):
        raise ValueError("a p-value lies between 0 and 1")
    return p
