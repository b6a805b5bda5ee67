"""What the kernel says of the memory of an engine's process, before its first request and after its last.

An engine in the worker's process shares it with the client, and so its readings hold both.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ....units import MIB, ONE, Unit
from ...definition import Evaluated, ReadingMetric
from ...readings import WHOLE_RUN, Readings
from ...windowed import largest


def _largest(readings: Readings, quantity: str, scale: float) -> Evaluated:
    """The larger of both readings, shape ``(runs,)``."""
    found = largest(readings, quantity)
    return replace(found, values=found.values / scale)


def _metric(metric_id: str, quantity: str, name: str, unit: Unit, formula: str) -> ReadingMetric:
    return ReadingMetric(
        id=metric_id,
        name=name,
        unit=unit,
        formula=formula,
        applicability="runs whose engine has a process that the probe may read",
        higher_is_better=False,
        quantities=(quantity,),
        window=WHOLE_RUN,
        compute=partial(_largest, quantity=quantity, scale=unit.scale),
    )


ENGINE_PSS = _metric(
    "engine_pss",
    "engine.pss",
    "proportional resident memory of the engine's process",
    MIB,
    "resident pages, each divided by the number of processes that map it; the larger of before and after the requests",
)
ENGINE_ANONYMOUS = _metric(
    "engine_anonymous",
    "engine.anonymous",
    "resident memory of the engine's process that is no file's",
    MIB,
    "anonymous resident pages; the larger of before and after the requests",
)
ENGINE_RSS_HIGHEST = _metric(
    "engine_rss_highest",
    "engine.rss_highest",
    "highest resident memory of the engine's process",
    MIB,
    "the kernel's own high-water mark of resident pages since the process began",
)
ENGINE_FAULTS = _metric(
    "engine_faults",
    "engine.minor_faults",
    "page faults of the engine's process without reading a disk",
    ONE,
    "minor page faults since the process began, after the last request",
)
ENGINE_MAJOR_FAULTS = _metric(
    "engine_major_faults",
    "engine.major_faults",
    "page faults of the engine's process that read a disk",
    ONE,
    "major page faults since the process began, after the last request",
)
