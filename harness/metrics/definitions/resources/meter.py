"""Power of the whole machine at its plug, from the file of an external meter, and what it drew while it idled.

Both are stated, and neither is taken off the other here: what the machine draws without work is paid too.
"""

from __future__ import annotations

import numpy as np

from ....units import W
from ...definition import PRESENT, Evaluated, ReadingMetric
from ...readings import MEASURED, WHOLE_RUN, Readings
from ...windowed import average, mean, often_read

POWER, IDLE = "meter.power", ("meter.idle_before", "meter.idle_after")


def at_the_meter(readings: Readings) -> Evaluated:
    """The mean power over the window, shape ``(runs,)``, W."""
    return often_read(readings, POWER, average(readings, POWER))


def idle(readings: Readings) -> Evaluated:
    """The mean of what was drawn before and after, shape ``(runs,)``, W; none where one of them is not known."""
    before, after = (mean(readings, quantity) for quantity in IDLE)
    reason = np.where(before.reason == PRESENT, after.reason, before.reason).astype(np.int8)
    return Evaluated(np.where(reason == PRESENT, (before.values + after.values) / 2, np.nan), reason)


METER_POWER = ReadingMetric(
    id="meter_power",
    name="power at the meter",
    unit=W,
    formula=f"integral of {POWER} over {MEASURED.words} (trapezoids between samples) ÷ their duration; the whole "
    "machine, idle power included",
    applicability="recordings sealed with the file of an external meter; windows with enough samples and no hole",
    higher_is_better=False,
    quantities=(POWER,),
    window=MEASURED,
    compute=at_the_meter,
)
METER_IDLE = ReadingMetric(
    id="meter_idle",
    name="idle power at the meter",
    unit=W,
    formula="mean of two medians: of the minute before the first run, and of that after the last one",
    applicability="recordings sealed with the file of an external meter that began before them and ended after them",
    higher_is_better=False,
    quantities=IDLE,
    window=WHOLE_RUN,
    compute=idle,
)
