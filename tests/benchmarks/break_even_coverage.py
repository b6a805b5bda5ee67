"""Rows about break-even: after how many uses a cost has been paid by what each use saves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.stats.comparison.break_even import break_even
from harness.stats.intervals.interval import Interval
from tests.benchmarks.coverage_rows import CALIBRATED, Job, coverage

COST, SAVING = 20_000.0, 10.0
"""Milliseconds of a run, and of each use."""


def break_evens(sims: int) -> Iterator[Job]:
    """From savings that are plain to ones that most recordings do not show, whose interval then has no upper end."""
    for n in (6, 7, 10):
        for spread in (0.2, 0.6, 2.0):

            def made(rng: np.random.Generator, n: int = n, spread: float = spread) -> Interval | None:
                moment = np.exp(0.1 * rng.standard_normal(n))
                cost = COST * moment * np.exp(0.05 * rng.standard_normal(n))
                found = break_even(cost, SAVING * moment * (1 + spread * rng.standard_normal(n)))
                ends = found.low, found.high
                return None if ends[0] is None or ends[1] is None else Interval(*ends, found.level, "inverted")

            shape = f"savings spread by {spread:.0%}, blocks by 10 %"
            yield coverage("break-even", shape, f"{n} blocks", COST / SAVING, CALIBRATED, sims, made)
