"""From the numbers of runs to the value of a metric."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import numpy as np

from harness.metrics import metric as metric_named
from harness.metrics.definition import Metric, RateMetric, RunMetric, TablesMetric, TaskMetric
from harness.metrics.runs import RunValues
from harness.outcomes import Missing
from harness.stats.intervals.interval import Statistic, estimate

from ..values.evidence import Interval, Sample, Strength
from ..values.questions import OfMetric
from ..values.value import Value, absent


def answer(runs: RunValues, question: OfMetric) -> Value:
    """The estimate over ``runs``, with its interval; missing with the reason where none has a number."""
    meaning = metric_named(question.metric).definition
    present = runs.present
    if not len(present):
        return absent(why_none(runs), runs.unit, question, meaning)
    numbers = tuple(None if np.isnan(number) else float(number) for number in runs.values)
    cells, ids = (tuple(str(item) for item in runs.columns[name]) for name in ("cell_id", "run_id"))
    across: Statistic = "mean" if question.across == "mean" else "median"
    found = estimate(present, across)
    return Value(
        found.value,
        runs.unit,
        Strength.MEASURED,
        Interval(*astuple(found.interval)) if found.interval else None,
        found.n,
        question=question,
        definition=meaning,
        caution=_caution(runs, found.missing),
        sample=Sample(cells, ids, numbers, across),
    )


def why_none(runs: RunValues) -> Missing:
    """The most frequent reason why runs have no value."""
    return max(runs.missing.items(), key=lambda item: item[1])[0] if runs.missing else Missing.NOT_APPLICABLE


def _caution(runs: RunValues, no_interval: Missing | None) -> str:
    notes = ["too few runs for an interval"] if no_interval else []
    notes += [f"some runs have no value: {reason.replace('_', ' ')}" for reason in sorted(runs.missing)]
    return "; ".join(notes)


def usual_reduction(metric: Metric) -> str:
    """How the requests of a run become one number where nothing else is asked for."""
    return "pooled" if isinstance(metric, RateMetric) else "median"


def about_requests(metric: Metric, phase: str, within: str | None) -> dict[str, Any]:
    """What a question says of a metric: ``phase`` and ``within`` only where it has requests or tasks to choose from."""
    of_run, of_task = isinstance(metric, RunMetric | TablesMetric), isinstance(metric, TaskMetric)
    return {
        "metric": metric.id,
        "version": metric.version,
        "phase": None if of_run or of_task else phase,
        "within": None if of_run else within or usual_reduction(metric),
    }
