"""Power of the processors while requests were measured, from the energy counters of the machine (RAPL).

The counters are those of whole packages: everything that ran on them is in the number, idle power too. A window shorter
than ``READINGS`` steps of the counter has too few readings to say what it took.
"""

from __future__ import annotations

from ....units import W
from ...definition import Evaluated, ReadingMetric
from ...readings import MEASURED, Readings
from ...windowed import often_read, rate

ENERGY = "energy.total"


def power(readings: Readings) -> Evaluated:
    """Joules per second of the window, shape ``(runs,)``, W."""
    return often_read(readings, ENERGY, rate(readings, ENERGY))


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
