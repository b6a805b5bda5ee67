"""What can be concluded from a number of sessions, said before any is recorded."""

from __future__ import annotations

import math

import numpy as np

from ..arrays import Floats
from .rank_power import finds, margin_shown, shift_found

CONFIDENCE = 0.8
"""Of the upper bound of a standard deviation that rests on few sessions."""

MOST_SESSIONS = 100
"""More than a plan can ask for."""


def sessions_needed(contrasts: int, alpha: float = 0.05) -> int:
    """The fewest sessions with which a sign test of one of ``contrasts`` can reach ``alpha`` after correction.

    A two-sided sign test of n sessions has the smallest p-value 2 ** (1 - n), and the first step of Holm's method
    asks for ``alpha / contrasts``: n ≥ 1 + log2(contrasts / alpha).
    """
    return math.ceil(1 + math.log2(contrasts / alpha))


def upper_sd(sd: float, n: int, confidence: float = CONFIDENCE) -> float:
    """The bound below which a standard deviation lies with ``confidence``, from that of ``n`` normal values (n ≥ 2).

    An estimate from few values is too small as often as too large, and one that is too small promises too much.
    """
    from scipy.special import gammaincinv

    return sd * math.sqrt((n - 1) / float(2 * gammaincinv((n - 1) / 2, 1 - confidence)))


def detectable_ratio(sd: float, sessions: int, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The ratio (> 1) that a signed-rank test over ``sessions`` values of standard deviation ``sd`` (of logarithms)
    would find with ``power``; null where so few can find none."""
    return _ratio(sd * shift_found(sessions, alpha, power))


def would_be_found(logs: Floats, alpha: float) -> float | None:
    """The ratio (> 1) that at least four of five recordings like that of ``logs (blocks,)`` would find at ``alpha``; of
    five such statements four are true. Null for too few blocks."""
    n = len(logs)
    return detectable_ratio(upper_sd(float(np.std(logs, ddof=1)), n), n, alpha) if n > 1 else None


def sessions_to_find(ratio: float, sd: float, alpha: float = 0.05, power: float = 0.8) -> int | None:
    """The fewest sessions whose test would find ``ratio`` (> 1) with ``power``; null beyond ``MOST_SESSIONS``."""
    counts = range(2, MOST_SESSIONS + 1)
    if sd == 0:
        return next((n for n in counts if detectable_ratio(sd, n, alpha, power)), None)
    return next((n for n in counts if finds(math.log(ratio) / sd, n, alpha, power)), None)


def equivalence_margin(sd: float, sessions: int, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest margin (a ratio > 1) within which two one-sided tests at ``alpha`` would show levels that are equal
    to be equivalent, with ``power``; null where so few can show none."""
    return _ratio(sd * margin_shown(sessions, alpha, power))


def _ratio(logarithm: float) -> float | None:
    return math.exp(logarithm) if math.isfinite(logarithm) else None
