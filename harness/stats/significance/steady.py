"""Steady state: when is a run warm, and may its first requests be set aside?

The rule, stated with every page that uses it: the first w requests of every run are warm-up, w being the smallest
number for which Page's test finds no trend, up or down, over the remaining requests with the runs as blocks. Warm-up
is kept in the data and flagged; w is the same for all runs, so no run is trimmed by its own outcome.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...outcomes import Missing, NoValue
from ...units import counted
from ..arrays import Floats
from ..ranks import midranks

MINIMUM_REQUESTS = 3
MINIMUM_RUNS = 3


@dataclass(frozen=True, slots=True)
class Steady:
    """``discard`` requests at the start of every run, or ``None`` where no start leaves a steady rest. ``p_value``
    is the trend test's over what is kept, ``first_p_value`` over everything."""

    discard: int | None
    p_value: float
    first_p_value: float
    runs: int
    requests: int
    alpha: float

    @property
    def rule(self) -> str:
        """The discard rule and its outcome, as one sentence for people."""
        shown = f"over {self.runs} runs of {self.requests} requests (Page's trend test at {self.alpha:g})"
        if self.discard is None:
            return f"No number of first requests could be set aside that leaves a rest without trend {shown}."
        if self.discard == 0:
            return f"No request was set aside: none shows a trend {shown}."
        return f"The first {counted(self.discard, 'request')} of every run set aside: the rest shows no trend {shown}."


def steady(values: Floats, alpha: float = 0.05) -> Steady:
    """``values (runs, requests)`` in order of time within each run, at least three by three.

    Raises ``NoValue(TOO_FEW_RUNS)`` or ``NoValue(TOO_FEW_SAMPLES)``.
    """
    table = np.asarray(values, np.float64)
    if table.ndim != 2 or not bool(np.isfinite(table).all()):
        raise ValueError("steady state needs a finite table of runs by requests")
    runs, requests = table.shape
    if runs < MINIMUM_RUNS:
        raise NoValue(Missing.TOO_FEW_RUNS)
    if requests < MINIMUM_REQUESTS:
        raise NoValue(Missing.TOO_FEW_SAMPLES)
    first_p_value = p_value = page_test(table)
    last = requests - MINIMUM_REQUESTS
    discard = 0
    while p_value <= alpha and discard < last:
        discard += 1
        p_value = page_test(table[:, discard:])
    return Steady(discard if p_value > alpha else None, p_value, first_p_value, runs, requests, alpha)


def page_test(table: Floats) -> float:
    """Two-sided p of Page's L for a monotone trend along the columns of ``(runs, requests)``, corrected for ties.

    The statistic sums, over the runs, the correlation of rank and place; normal approximation.
    """
    from scipy.special import ndtr

    ranks = midranks(table)
    places = ranks.shape[1]
    order = np.arange(places) - (places - 1) / 2
    centred = ranks - ranks.mean(axis=1, keepdims=True)
    variance = float((centred**2).sum()) * float((order**2).sum()) / (places - 1)
    return 1.0 if variance == 0 else float(2 * ndtr(-abs(float((centred @ order).sum())) / variance**0.5))
