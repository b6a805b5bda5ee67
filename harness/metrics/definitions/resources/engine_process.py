"""What the engine's process used of the machine, from its telemetry readings: memory and processors.

An engine in the worker's process shares it with the client, and so its readings hold both.
"""

from __future__ import annotations

from dataclasses import replace

from ....units import MIB, PERCENT
from ...definition import Evaluated, ReadingMetric
from ...readings import MEASURED, WHOLE_RUN, Readings
from ...windowed import largest, rate

RSS, CPU_TIME = "engine.rss", "engine.cpu_time"


def rss_peak(readings: Readings) -> Evaluated:
    """The largest resident set that was read, shape ``(runs,)``, MiB."""
    found = largest(readings, RSS)
    return replace(found, values=found.values / MIB.scale)


def cpu_share(readings: Readings) -> Evaluated:
    """Processor time per second of wall time, shape ``(runs,)``, percent of one processor."""
    found = rate(readings, CPU_TIME)
    return replace(found, values=found.values / PERCENT.scale)


_APPLIES = "runs whose engine has a process that the probe may read"

ENGINE_RSS_PEAK = ReadingMetric(
    id="engine_rss_peak",
    name="largest resident memory of the engine's process",
    unit=MIB,
    formula=f"largest reading of {RSS} in {WHOLE_RUN.words}",
    applicability=f"{_APPLIES}; mapped weights that are resident count, a peak between two readings is unseen",
    higher_is_better=False,
    quantities=(RSS,),
    window=WHOLE_RUN,
    compute=rss_peak,
)
ENGINE_CPU_SHARE = ReadingMetric(
    id="engine_cpu_share",
    name="processors that the engine's process used",
    unit=PERCENT,
    formula=f"rise of {CPU_TIME} over {MEASURED.words} ÷ their duration; of one processor",
    applicability=f"{_APPLIES}; readings around both ends that lie no farther apart than the window is long",
    higher_is_better=None,
    quantities=(CPU_TIME,),
    window=MEASURED,
    compute=cpu_share,
)
