"""Power of the processors while requests were measured, from the energy counters of the machine (RAPL).

The counters are those of whole packages: everything that ran on them is in the number, idle power too. A window shorter
than ``READINGS`` steps of the counter has too few readings to say what it took.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....outcomes import Missing
from ....units import W
from ...definition import PRESENT, Evaluated, ReadingMetric, code_of
from ...readings import MEASURED, Readings
from ...windowed import rate

ENERGY = "energy.total"
READINGS = 20
"""Readings that a window holds at least."""


def power(readings: Readings) -> Evaluated:
    """Joules per second of the window, shape ``(runs,)``, W."""
    found = rate(readings, ENERGY)
    inside = readings.series[ENERGY].owner[readings.inside(ENERGY)]
    few = (np.bincount(inside, minlength=len(readings)) < READINGS) & (found.reason == PRESENT)
    reason = np.where(few, code_of(Missing.TOO_FEW_SAMPLES), found.reason).astype(found.reason.dtype)
    return replace(found, values=np.where(few, np.nan, found.values), reason=reason)


POWER = ReadingMetric(
    id="power",
    name="power of the processors",
    unit=W,
    formula=f"rise of {ENERGY} over {MEASURED.words} ÷ their duration; idle power included",
    applicability="machines whose energy counters can be read; windows that hold enough readings",
    higher_is_better=False,
    quantities=(ENERGY,),
    window=MEASURED,
    compute=power,
)
