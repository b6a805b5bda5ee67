"""From the numbers of runs to the value of a metric."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any, Literal

import numpy as np

from harness.metrics import metric as metric_named
from harness.metrics.batch import Floats
from harness.metrics.definition import Metric, RateMetric, RunMetric, TablesMetric, TaskMetric
from harness.metrics.runs import RunValues
from harness.outcomes import Missing
from harness.stats.intervals.interval import Estimate, Statistic, estimate

from ..values.evidence import Interval, Sample, Strength
from ..values.questions import OfMetric
from ..values.value import Value, absent

NO_INTERVAL = {
    Missing.NOT_INDEPENDENT: "no interval: neighbouring runs of this session are alike for longer than a block lasts",
    Missing.DRIFT: "no interval: this number drifts over the session",
}
"""What a page says where a session does not bear an interval."""
Across = Statistic | Literal["max"]
"""What turns the numbers of the runs of a block into one, and those of the blocks."""


def answer(runs: RunValues, question: OfMetric, *, by_session: bool = False, withheld: Missing | None = None) -> Value:
    """The estimate over the blocks of ``runs``, or over their sessions, with its interval; missing with the reason
    where no run has a number. ``withheld`` says why the session does not bear an interval."""
    meaning = metric_named(question.metric).definition
    present = runs.present
    if not len(present):
        return absent(why_none(runs), runs.unit, question, meaning)
    numbers = tuple(None if np.isnan(number) else float(number) for number in runs.values)
    cells, ids = (tuple(str(item) for item in runs.columns[name]) for name in ("cell_id", "run_id"))
    across: Across = "max" if question.across == "max" else "mean" if question.across == "mean" else "median"
    reason = NO_INTERVAL[withheld] if withheld else ""
    sample = Sample(cells, ids, numbers, across, _blocks(runs, question, by_session=by_session), reason)
    over = np.array(sample.by_block())
    found = estimate(over, across) if across != "max" else _largest(over)
    if withheld and found.interval:
        found = found.withheld(withheld)
    return Value(
        found.value,
        runs.unit,
        Strength.MEASURED,
        Interval(*astuple(found.interval)) if found.interval else None,
        len(present),
        question=question,
        definition=meaning,
        caution=_caution(runs, found.missing if across != "max" else None),
        sample=sample,
    )


def _blocks(runs: RunValues, question: OfMetric, *, by_session: bool) -> tuple[str, ...]:
    column = runs.columns["session" if by_session else "block"]
    return tuple(f"{question.dataset}/{unit}" for unit in column)


def _largest(over: Floats) -> Estimate:
    """The largest of the blocks, which has no interval."""
    return Estimate(float(over.max()), None, Missing.NOT_APPLICABLE, len(over), "max")


def why_none(runs: RunValues) -> Missing:
    """The most frequent reason why runs have no value."""
    return max(runs.missing.items(), key=lambda item: item[1])[0] if runs.missing else Missing.NOT_APPLICABLE


def _caution(runs: RunValues, no_interval: Missing | None) -> str:
    notes = [NO_INTERVAL.get(no_interval, "too few blocks for an interval")] if no_interval else []
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
