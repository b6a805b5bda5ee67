"""The plain description of a sample of runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..outcomes import Missing, NoValue
from .arrays import Floats, sample


@dataclass(frozen=True, slots=True)
class Summary:
    """``sd`` (n − 1 in the denominator) is null for one run; ``cv`` is sd / |mean|, null also for a zero mean."""

    n: int
    mean: float
    median: float
    sd: float | None
    cv: float | None
    minimum: float
    maximum: float


def summarise(values: Floats) -> Summary:
    """``values (n,)``, one per run. Raises ``NoValue(TOO_FEW_RUNS)`` for none."""
    runs = sample(values)
    if not len(runs):
        raise NoValue(Missing.TOO_FEW_RUNS)
    mean = float(np.mean(runs))
    sd = float(np.std(runs, ddof=1)) if len(runs) > 1 else None
    return Summary(
        n=len(runs),
        mean=mean,
        median=float(np.median(runs)),
        sd=sd,
        cv=None if sd is None or mean == 0 else sd / abs(mean),
        minimum=float(runs.min()),
        maximum=float(runs.max()),
    )
