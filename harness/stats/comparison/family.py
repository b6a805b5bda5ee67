"""The contrasts of one sealed family, each known by one log ratio per block: what may be said of all of them together.

The block (where there are several sessions: the session) is the unit, since what all runs of a session share is one
draw, however many runs there are. The estimate is the signed rank's pseudo-median, the middle of all averages of two
blocks: it is what the interval covers also where one arm is throttled in some blocks, as Student's mean is not.

Holm's method corrects the p-values of the family, once for effects and once for equivalence. The interval of a
contrast has the level at which Holm's method tested it, at least 1 − alpha, and is the exact inverse of that test: it
leaves out one exactly where an effect is found. (With values that agree to the last digit it may keep one in.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...outcomes import Missing
from ..arrays import Floats, sample
from ..intervals.interval import Estimate, Interval
from ..significance.multiplicity import holm
from ..significance.signed_rank import exact_bounds, one_sided_p, p_value
from .sessions import sessions_needed, would_be_found

Finding = Literal["effect", "equivalent", "not settled"]


@dataclass(frozen=True, slots=True)
class FamilyEffect:
    """One contrast over ``n`` blocks. With fewer than its family needs there is a ratio, and nothing else.

    ``p_effect`` and ``p_equivalent`` are corrected. ``detectable`` is the ratio (> 1) that at least four of five such
    recordings would have found; of five such statements four are true. Null where one block tells no spread.
    """

    n: int
    ratio: Estimate | None
    p_effect: float | None
    p_equivalent: float | None
    detectable: float | None
    alpha: float

    @property
    def finding(self) -> Finding:
        """*equivalent* (within the margin) also where a small effect is proven."""
        if self.p_equivalent is not None and self.p_equivalent <= self.alpha:
            return "equivalent"
        interval = self.ratio and self.ratio.interval
        return "effect" if interval and not interval.low <= 1 <= interval.high else "not settled"


def family_effects(logs: Sequence[Floats], margins: Sequence[float], alpha: float = 0.05) -> tuple[FamilyEffect, ...]:
    """Every contrast of a family: ``logs`` are its log ratios, one array ``(blocks,)`` each, ``margins`` the ratios
    (> 1) up to which levels count as equivalent. A contrast without enough blocks counts in the correction."""
    values, size = [sample(found) for found in logs], len(logs)
    enough = [len(found) >= sessions_needed(size, alpha) for found in values]
    raw = np.array([p_value(d) if ok else 1.0 for d, ok in zip(values, enough, strict=True)])
    p_effect = holm(raw)
    p_equal = holm(np.array([_p_equal(d, m) if ok else 1.0 for d, m, ok in zip(values, margins, enough, strict=True)]))
    levels = _levels(raw, p_effect, alpha)
    return tuple(
        FamilyEffect(
            n=len(found),
            ratio=_ratio(found, levels[k] if enough[k] else None),
            p_effect=float(p_effect[k]) if enough[k] else None,
            p_equivalent=float(p_equal[k]) if enough[k] else None,
            detectable=would_be_found(found, alpha / size) if enough[k] else None,
            alpha=alpha,
        )
        for k, found in enumerate(values)
    )


def _p_equal(logs: Floats, margin: float) -> float:
    """The larger p of the two one-sided tests that the ratio lies above 1 / margin and below margin."""
    shift = math.log(margin)
    return max(one_sided_p(logs + shift), one_sided_p(shift - logs))


def _levels(raw: Floats, adjusted: Floats, alpha: float) -> Floats:
    """The alpha at which Holm's method tested each contrast: alpha over the number of those not yet rejected.

    The order is that of the p-values as they were found: corrected ones tie where these do not.
    """
    order = np.argsort(raw, kind="stable")
    rejected = int((adjusted <= alpha).sum())
    levels = np.empty(len(adjusted))
    for place, k in enumerate(order):
        levels[k] = alpha / (len(adjusted) - min(place, rejected))
    return levels


def _ratio(logs: Floats, alpha: float | None) -> Estimate | None:
    if not len(logs):
        return None
    upper = np.triu_indices(len(logs))
    averages = np.sort((logs[upper[0]] + logs[upper[1]]) / 2)
    value = float(np.exp(np.median(averages)))
    if alpha is None:
        return Estimate(value, None, Missing.TOO_FEW_BLOCKS, len(logs), "pseudo-median")
    place = exact_bounds(len(logs), alpha)
    low, high = float(np.exp(averages[place])), float(np.exp(averages[-1 - place]))
    return Estimate(value, Interval(low, high, 1 - alpha, "exact signed rank"), None, len(logs), "pseudo-median")
