"""Has a number changed from one recording session to the next?

Each session gives one number. A new one is held against the prediction interval of the earlier ones (Hahn and Meeker,
*Statistical Intervals*, 1991, chapter 4): Student's t on logarithms, so that it counts how much sessions differ by
themselves. After a change the earlier sessions begin anew. What drifts slowly widens the interval and is not found.
"""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np

from ...outcomes import Missing, NoValue
from ..arrays import Floats, sample

EARLIER = 3
"""With fewer earlier sessions nothing is said of a session."""
LEVEL = 0.95
EQUAL = 1e-9
"""Logarithms that differ by less are of one number."""


class Change(StrEnum):
    """What the earlier sessions say of a session."""

    TOO_FEW = "too few earlier sessions"
    NONE = "no change found"
    HIGHER = "higher"
    LOWER = "lower"


def changes(values: Floats, level: float = LEVEL, earlier: int = EARLIER) -> tuple[Change, ...]:
    """What is said of each session; ``values (n,)`` are positive, oldest first.

    At ``level`` 0.95 one session in twenty is called changed that is not. Raises ``NoValue``: ``NOT_APPLICABLE`` for
    values ≤ 0.
    """
    numbers = sample(values)
    if bool((numbers <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    found: list[Change] = []
    before: list[float] = []
    for number in np.log(numbers).tolist():
        said = _said(number, before, level) if len(before) >= earlier else Change.TOO_FEW
        before = [number] if said in (Change.HIGHER, Change.LOWER) else [*before, number]
        found.append(said)
    return tuple(found)


def _said(number: float, before: list[float], level: float) -> Change:
    from scipy.special import stdtrit

    n = len(before)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * float(np.std(before, ddof=1)) * math.sqrt(1 + 1 / n) + EQUAL
    middle = float(np.mean(before))
    return Change.HIGHER if number > middle + half else Change.LOWER if number < middle - half else Change.NONE
