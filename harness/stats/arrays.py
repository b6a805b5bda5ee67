"""What every statistic asks of its input."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def sample(values: npt.ArrayLike) -> Floats:
    """``values`` as float64 of shape ``(n,)``. Raises ``ValueError`` for NaN, infinity or another shape.

    A missing value has no place here: drop it and count it before.
    """
    array = np.asarray(values, np.float64)
    if array.ndim != 1:
        raise ValueError(f"a sample is one-dimensional, not {array.ndim}-dimensional")
    if not bool(np.isfinite(array).all()):
        raise ValueError("a sample holds finite numbers only; drop and count missing values first")
    return array
