"""Answers a selector again from the sealed tables, without the code that published the answer."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.calibration.quantities import QUANTITIES
from harness.metrics import METRICS
from harness.outcomes import NoValue
from harness.stats.intervals.interval import Interval, estimate
from harness.units import RATIO, Unit

from ..reader.dataset import USABLE
from ..reader.samples import CannotAnswer, Samples
from ..reader.values_json import Level, StatedInterval, StatedSelector
from .calibration import error_at
from .contrast import Sides, sides
from .labels import VERDICTS, labels
from .validity_flags import flagged

OF_RUN = ("run_id", "cell_id", "replicate", "block", "position", "stratum", "engine", "engine_version")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """``number`` is null where no run has one. ``numbers`` has one entry per run kept, null where that has none.

    ``unit`` and ``meaning`` are the metric's own; null and empty for counts and settings.
    """

    number: float | None
    n: int | None
    unit: Unit | None = None
    meaning: str = ""
    cells: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    numbers: tuple[float | None, ...] = ()
    statistic: str = ""
    interval: StatedInterval | None = None


def answer(samples: Samples, asked: StatedSelector) -> Answer:
    """The number that ``asked`` has. Raises ``CannotAnswer``."""
    kind, _, key = asked.metric.partition(".")
    if kind == "calibration":
        return _calibrated(samples, key, asked)
    if kind == "label":
        return Answer(_labelled(samples, key, asked.where), None)
    kept = _kept(samples, asked.where)
    if kind == "flagged":
        return Answer(flagged(kept, key), None)
    if kind == "count":
        return Answer(_count(samples, key, kept, asked), None)
    if kind == "effective":
        return _effective(key, kept)
    return _estimate(samples, kept, asked)


def _calibrated(samples: Samples, key: str, asked: StatedSelector) -> Answer:
    number, runs = error_at(samples, key, asked.where)
    return Answer(number, runs, QUANTITIES[key].unit, QUANTITIES[key].meaning)


def _labelled(samples: Samples, verdict: str, where: Mapping[str, Sequence[Level]]) -> int:
    wanted = [(name, level, verdict) for name, levels in where.items() for level in levels]
    if verdict not in VERDICTS or len(wanted) != 1:
        raise CannotAnswer(f"no runs are counted by the label {where}, {verdict}")
    return sum(found == wanted[0] for found in labels(samples.runs))


def _kept(samples: Samples, where: Mapping[str, Sequence[Level]]) -> list[Row]:
    columns = {name: name if name in OF_RUN else f"level.{name}" for name in where}
    unknown = [name for name, column in columns.items() if samples.runs and column not in samples.runs[0]]
    if unknown:
        raise CannotAnswer(f"the runs have no column {unknown[0]}")
    return [
        row for row in samples.runs if all(_among(row[columns[name]], levels) for name, levels in where.items())
    ]  # fmt: skip


def _among(found: Level, levels: Sequence[Level]) -> bool:
    return any(found == level and isinstance(found, bool) == isinstance(level, bool) for level in levels)


def _count(samples: Samples, what: str, kept: Sequence[Row], asked: StatedSelector) -> int:
    if what not in ("runs", "requests", "cells"):
        raise CannotAnswer(f"nothing is counted as {what!r}")
    ids = {row["run_id"] for row in kept}
    rows = (row for row in samples.requests if row["run_id"] in ids) if what == "requests" else kept
    ended = [
        row["cell_id"]
        for row in rows
        if asked.outcome in (None, row["outcome"]) and asked.code in (None, row["outcome_code"])
    ]
    return len(set(ended)) if what == "cells" else len(ended)


def _effective(key: str, kept: Sequence[Row]) -> Answer:
    reported = [json.loads(row["effective"] or "{}").get(key) for row in kept]
    different = {json.dumps(level): level for level in reported if level is not None}
    level = next(iter(different.values())) if len(different) == 1 else None
    if isinstance(level, bool) or not isinstance(level, int | float):
        return Answer(None, 0)
    return Answer(level, len(kept))


def _estimate(samples: Samples, kept: Sequence[Row], asked: StatedSelector) -> Answer:
    metric = METRICS.get(asked.metric)
    if metric is None or metric.version != asked.metric_version:
        raise CannotAnswer(f"no metric {asked.metric} version {asked.metric_version} is defined")
    by_run = samples.per_run(metric, asked.phase, asked.within)
    if asked.contrast is not None:
        return _contrasted(
            sides(samples, kept, by_run, asked.contrast), asked.across, f"{metric.name}: {metric.formula}"
        )
    numbers = tuple(by_run.get(row["run_id"]) if row["outcome"] in USABLE else None for row in kept)
    present = [number for number in numbers if number is not None]
    return Answer(
        number=_across(present, asked.across) if present else None,
        n=len(present),
        unit=RATIO if "/" in (asked.phase or "") else metric.unit,
        meaning=f"{metric.name}: {metric.formula}",
        cells=tuple(row["cell_id"] for row in kept),
        runs=tuple(row["run_id"] for row in kept),
        numbers=numbers,
        statistic=asked.across or "",
        interval=_interval(present, asked.across),
    )


def _interval(present: Sequence[float], statistic: str | None) -> StatedInterval | None:
    """The interval of the estimate over runs; null where there are too few of them."""
    try:
        found = estimate(np.array(present, np.float64), "mean" if statistic == "mean" else "median").interval
    except NoValue:
        return None
    return stated(found)


def _contrasted(pairs: Sides, asked: str | None, meaning: str) -> Answer:
    """A ratio of paired runs, or the smallest one that would have been found."""
    found = pairs.ratio()
    if asked == "detectable ratio":
        least = pairs.detectable()
        return Answer(least, 0 if least is None else found.n, RATIO, meaning)
    return Answer(found.value, found.n, RATIO, meaning, interval=stated(found.interval))


def stated(found: Interval | None) -> StatedInterval | None:
    """An interval as a page states it."""
    if found is None:
        return None
    return StatedInterval(low=found.low, high=found.high, level=found.level, method=found.method)


def _across(numbers: Sequence[float], statistic: str | None) -> float:
    if statistic == "mean":
        return math.fsum(numbers) / len(numbers)
    if statistic != "median":
        raise CannotAnswer(f"no statistic over runs is called {statistic!r}")
    ordered, middle = sorted(numbers), len(numbers) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
