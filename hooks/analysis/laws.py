"""How a metric goes together with another number of each cell: the exponent of a power law, or a rank correlation.

Points are cells or sizes, each the median over its runs: the runs of one cell are no further sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple

import numpy as np

from harness.errors import UsageError
from harness.metrics import metric as metric_named
from harness.metrics.batch import Floats
from harness.metrics.definition import PRESENT
from harness.metrics.runs import Column, RunValues
from harness.outcomes import Missing, NoValue
from harness.stats.fit import power_law, spearman
from harness.units import ONE

from ..values.evidence import Interval, Strength
from ..values.questions import Axis, Correlated, MetricAxis, OfMetric, SettingAxis, Slope
from ..values.questions.laws import LawQuestion
from ..values.value import Value, absent
from .estimates import about_requests, why_none
from .filters import Where, is_number, native
from .measurements import MEASURED, Measurements

NO_NUMBER = "not a number"
LEFT_OUT = "runs whose cell has no number on the axis are left out"


def metric_axis(metric_id: str, *, phase: str = MEASURED, within: str | None = None) -> MetricAxis:
    """Another metric as an axis. Raises ``UnknownName``."""
    return MetricAxis(**about_requests(metric_named(metric_id), phase, within))


def slope(
    data: Measurements,
    metric_id: str,
    over: Axis,
    where: Where | None = None,
    *,
    phase: str = MEASURED,
    within: str | None = None,
) -> Value:
    """The exponent of the power law of a metric over the sizes on the axis ``over``, with its interval.

    Missing with the reason for fewer than four sizes, a number that is not positive, or an axis without numbers.
    """
    return answer_law(data, Slope(**data.about_metric(metric_id, where, phase, within), over=over))


def correlation(
    data: Measurements,
    metric_id: str,
    over: Axis,
    where: Where | None = None,
    *,
    phase: str = MEASURED,
    within: str | None = None,
) -> Value:
    """Spearman's rank correlation over cells of a metric with the axis ``over``, with its interval.

    Missing with the reason for fewer than ten cells, or where one of both does not vary.
    """
    return answer_law(data, Correlated(**data.about_metric(metric_id, where, phase, within), over=over))


def answer_law(data: Measurements, question: Slope | Correlated) -> Value:
    """The answer to a question about a law. Raises ``UsageError`` for an axis that the runs do not have."""
    return data.kept(question, lambda: _answer(data, question))


def _answer(data: Measurements, question: Slope | Correlated) -> Value:
    meaning, runs = metric_named(question.metric).definition, data.values(question)
    there = runs.take(runs.reason == PRESENT)
    if not len(there):
        return absent(why_none(runs), ONE, question, meaning, Strength.DERIVED)
    numbers = axis_numbers(data, question, there)
    if numbers is None:
        return absent(NO_NUMBER, ONE, question, meaning, Strength.DERIVED)
    known = ~np.isnan(numbers)
    groups = numbers if isinstance(question, Slope) else there.columns["cell_id"]
    x, y = points_of(groups[known], numbers[known], there.values[known])
    try:
        number, interval = _fitted(question, x, y)
    except NoValue as none:
        reason = none.reason if known.any() else Missing.NOT_REPORTED
        return absent(reason, ONE, question, meaning, Strength.DERIVED)
    return Value(
        number,
        ONE,
        Strength.DERIVED,
        interval,
        int(known.sum()),
        question=question,
        definition=meaning,
        caution="" if known.all() else LEFT_OUT,
    )


def _fitted(question: Slope | Correlated, x: Floats, y: Floats) -> tuple[float, Interval]:
    if isinstance(question, Slope):
        law = power_law(x, y)
        return law.exponent, Interval(*astuple(law.exponent_interval))
    found = spearman(x, y)
    return found.coefficient, Interval(*astuple(found.interval))


def points_of(groups: Column, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """One point for each group: its ``x`` and its median ``y``, shape ``(groups,)``."""
    _, first, owner = np.unique(groups, return_index=True, return_inverse=True)
    middles = [float(np.median(y[owner == group])) for group in range(len(first))]
    return x[first], np.array(middles, np.float64)


def axis_numbers(data: Measurements, question: LawQuestion, runs: RunValues) -> Floats | None:
    """The number on the axis of each run, shape ``(n,)``, NaN where it has none; null where some are no numbers."""
    over = question.over
    if isinstance(over, MetricAxis):
        return _medians(data, question, over, runs)
    if isinstance(over, SettingAxis):
        return numbers_of([data.settings[str(run)].get(over.key) for run in runs.columns["run_id"]])
    if over.factor not in runs.columns:
        raise UsageError(f"{data.dataset.label} has no factor {over.factor!r} to fit over")
    return numbers_of(map(native, runs.columns[over.factor]))


def numbers_of(levels: Iterable[object]) -> Floats | None:
    found = list(levels)
    if not all(level is None or is_number(level) for level in found):
        return None
    return np.array([np.nan if level is None else level for level in found], np.float64)


def _medians(data: Measurements, question: LawQuestion, over: MetricAxis, runs: RunValues) -> Floats:
    """The median of the other metric over the runs of each run's cell."""
    other = data.values(
        OfMetric(
            dataset=question.dataset,
            digest=question.digest,
            where=question.where,
            metric=over.metric,
            version=over.version,
            phase=over.phase,
            within=over.within,
        )
    )
    cells: Sequence[object] = list(runs.columns["cell_id"])
    middles = {
        cell: float(np.median(found)) if len(found := other.take(other.columns["cell_id"] == cell).present) else np.nan
        for cell in dict.fromkeys(cells)
    }
    return np.array([middles[cell] for cell in cells], np.float64)
