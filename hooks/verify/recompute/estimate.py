"""Estimates a metric again from the sealed tables, and the ratio of paired runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from harness.metrics import METRICS
from harness.metrics.definition import Metric
from harness.outcomes import NoValue
from harness.stats.intervals.interval import interval as interval_of
from harness.stats.significance.gate import no_interval
from harness.units import RATIO

from ..reader.dataset import USABLE
from ..reader.questions_json import StatedContrast, StatedDetectable, StatedMetric, StatedSpread
from ..reader.samples import CannotAnswer, Samples
from ..reader.values_json import StatedInterval
from .answer import Answer, block_of, kept, stated
from .contrast import Compared, Sides, sides


def metric_of(metric_id: str, version: int) -> Metric:
    """The metric of this version. Raises ``CannotAnswer``."""
    metric = METRICS.get(metric_id)
    if metric is None or metric.version != version:
        raise CannotAnswer(f"no metric {metric_id} version {version} is defined")
    return metric


def meaning(metric: Metric) -> str:
    """A metric's definition as a page states it."""
    return f"{metric.name}: {metric.formula}"


def estimate(samples: Samples, asked: StatedMetric) -> Answer:
    """The statistic over the blocks of the runs kept."""
    metric = metric_of(asked.metric, asked.version)
    by_run = samples.per_run(metric, asked.phase, asked.within, asked.prompt)
    if asked.divided_by:
        below = samples.per_run(metric, asked.divided_by, asked.within, asked.prompt)
        by_run = {run: number / below[run] for run, number in by_run.items() if below.get(run)}
    rows = kept(samples, asked.where)
    numbers = tuple(by_run.get(row["run_id"]) if row["outcome"] in USABLE else None for row in rows)
    present = [number for number in numbers if number is not None]
    found = Answer(
        number=None,
        n=len(present),
        unit=RATIO if asked.divided_by else metric.unit,
        meaning=meaning(metric),
        cells=tuple(row["cell_id"] for row in rows),
        runs=tuple(row["run_id"] for row in rows),
        numbers=numbers,
        statistic=asked.across,
        blocks=tuple(block_of(samples, row) for row in rows),
        withheld=samples.once(
            ("withheld", metric.id, asked.phase, asked.within, asked.prompt, asked.divided_by),
            lambda: _bears_none(samples, by_run),
        ),
    )
    by_block = found.by_block
    if not by_block:
        return found
    return replace(
        found,
        number=_across(by_block, asked.across),
        interval=None if found.withheld else _interval(by_block, asked.across),
    )


def _bears_none(samples: Samples, by_run: Mapping[str, float]) -> bool:
    """Whether the runs of a single session, all cells together, depend on their neighbours or on time."""
    if len(samples.designs) > 1:
        return False
    usable = [row for row in samples.runs if row["run_id"] in by_run and row["outcome"] in USABLE]
    numbers = np.array([by_run[row["run_id"]] for row in usable], np.float64)
    places, cells = [row["position"] for row in usable], np.array([row["cell_id"] for row in usable], dtype=np.str_)
    return no_interval(numbers, places, cells) is not None


def _interval(present: Sequence[float], statistic: str) -> StatedInterval | None:
    """The interval of the estimate over blocks; null where there are too few of them. The largest has none."""
    if statistic == "max":
        return None
    try:
        found = interval_of(np.array(present, np.float64), "mean" if statistic == "mean" else "median")
    except NoValue:
        return None
    return stated(found)


def _across(numbers: Sequence[float], statistic: str) -> float:
    if statistic == "max":
        return max(numbers)
    if statistic == "mean":
        return math.fsum(numbers) / len(numbers)
    if statistic != "median":
        raise CannotAnswer(f"no statistic over blocks is called {statistic!r}")
    ordered, middle = sorted(numbers), len(numbers) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def contrast(samples: Samples, asked: StatedContrast) -> Answer:
    """The ratio of a level to the reference, over pairs of runs."""
    pairs = _pairs(samples, asked)
    found = pairs.ratio()
    text = meaning(metric_of(asked.metric, asked.version))
    ratios = tuple(map(math.exp, pairs.logs))
    return Answer(found.value, found.n, RATIO, text, interval=stated(found.interval), ratios=ratios)


def detectable(samples: Samples, asked: StatedDetectable) -> Answer:
    """The smallest ratio over one that such pairs would have found."""
    pairs = _pairs(samples, asked)
    n, least = pairs.ratio().n, pairs.detectable()
    return Answer(least, 0 if least is None else n, RATIO, meaning(metric_of(asked.metric, asked.version)))


def spread(samples: Samples, asked: StatedSpread) -> Answer:
    """How far apart the sessions are: the standard deviation of their logarithms, as a factor."""
    text = meaning(metric_of(asked.metric, asked.version))
    logs = _session_logs(samples, asked) if len(samples.designs) > 1 else np.array([])
    n = len(logs)
    if n < 2:
        return Answer(None, 0, RATIO, text)
    from scipy.stats import chi2

    variance = float(np.var(logs, ddof=1))
    ends = [math.exp(math.sqrt((n - 1) * variance / float(chi2.isf(p, n - 1)))) for p in (0.025, 0.975)]
    method = "chi-squared, of normal logarithms"
    found = StatedInterval(low=ends[0], high=ends[1], level=0.95, method=method) if variance else None
    return Answer(math.exp(math.sqrt(variance)), n, RATIO, text, interval=found)


def _session_logs(samples: Samples, asked: StatedSpread) -> npt.NDArray[np.float64]:
    if asked.factor is not None:
        return _pairs(samples, asked).logs
    shared = asked.model_dump(
        include={"dataset", "digest", "other_recording", "where", "metric", "version", "phase", "within"}
    )
    of_metric = StatedMetric(**shared, kind="metric", across="median", divided_by=None, prompt=None)
    return np.log([number for number in estimate(samples, of_metric).by_block if number > 0])


def _pairs(samples: Samples, asked: Compared) -> Sides:
    """Both sides of a contrast: what it is, and what it would have found, are asked of the same pairs."""
    by_run = samples.per_run(metric_of(asked.metric, asked.version), asked.phase, asked.within)
    key = asked.model_dump_json(include={"where", "metric", "phase", "within", "factor", "level", "reference"})
    return samples.once(("pairs", key), lambda: sides(samples, kept(samples, asked.where), by_run, asked))
