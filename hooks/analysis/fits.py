"""What a law says that is fitted to sizes, each the median over its runs (``harness/stats/scaling_law.py``)."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np

from harness.metrics import metric as metric_named
from harness.metrics.batch import Floats
from harness.metrics.definition import PRESENT
from harness.metrics.runs import RunValues
from harness.outcomes import Missing, NoValue
from harness.stats.fit import power_law
from harness.stats.scaling_law import Points, held_out_error, over_sessions, told, two_costs
from harness.units import ONE, PERCENT, Unit

from ..values.evidence import Interval, Strength
from ..values.questions import Axis, Fitted
from ..values.questions.fits import LawName, Told
from ..values.value import Value, absent
from .estimates import why_none
from .filters import Where
from .laws import LEFT_OUT, NO_NUMBER, axis_numbers, numbers_of, points_of
from .measurements import MEASURED, Measurements

FEW_SESSIONS = "too few sessions for an interval"
NO_INTERVAL = "the fit has no interval of its own"


def fitted(
    data: Measurements,
    metric_id: str,
    over: Axis,
    law: LawName,
    said: Told,
    where: Where | None = None,
    *,
    at: float | None = None,
    phase: str = MEASURED,
    within: str | None = None,
) -> Value:
    """What ``law`` says of a metric over the sizes on the axis ``over``; ``at`` is the new size of a prediction.

    Missing with the reason for too few sizes, a number that is not positive, or an axis without numbers.
    """
    asked = data.about_metric(metric_id, where, phase, within)
    return answer_fit(data, Fitted(**asked, over=over, law=law, told=said, at=at))


def answer_fit(data: Measurements, question: Fitted) -> Value:
    """The answer to a question about a fitted law. Raises ``UsageError`` for an axis that the runs do not have."""
    return data.kept(question, lambda: _answer(data, question))


def _answer(data: Measurements, question: Fitted) -> Value:
    metric, runs = metric_named(question.metric), data.values(question)
    unit = _unit(question.told, metric.unit)
    there = runs.take(runs.reason == PRESENT)
    if not len(there):
        return absent(why_none(runs), unit, question, metric.definition, Strength.DERIVED)
    sizes = axis_numbers(data, question, there)
    if sizes is None:
        return absent(NO_NUMBER, unit, question, metric.definition, Strength.DERIVED)
    known = ~np.isnan(sizes)
    try:
        number, interval = _told(data, question, there.take(known), sizes[known])
    except NoValue as none:
        reason = none.reason if known.any() else Missing.NOT_REPORTED
        return absent(reason, unit, question, metric.definition, Strength.DERIVED)
    return Value(
        number,
        unit,
        Strength.DERIVED,
        interval,
        int(known.sum()),
        question=question,
        definition=metric.definition,
        caution="; ".join(_cautions(question, interval, whole=bool(known.all()))),
    )


def _unit(said: Told, of_metric: Unit) -> Unit:
    if said in ("prediction", "first_cost"):
        return of_metric
    return PERCENT if said == "held_out_error" else ONE


def _cautions(question: Fitted, interval: Interval | None, *, whole: bool) -> list[str]:
    without = FEW_SESSIONS if question.told == "exponent_over_sessions" else NO_INTERVAL
    return [*([] if whole else [LEFT_OUT]), *([without] if interval is None else [])]


def _told(data: Measurements, question: Fitted, runs: RunValues, sizes: Floats) -> tuple[float, Interval | None]:
    if question.told == "exponent_over_sessions":
        number, found = over_sessions(_exponents(runs, sizes))
        return number, None if found is None else Interval(*astuple(found))
    size, y = points_of(sizes, sizes, runs.values)
    if question.told == "r_squared":
        return power_law(size, y).r_squared, None
    depth = np.ones_like(size)
    if question.law == "layers":
        depth = _depths(data, question, runs, sizes)
    points = Points(size, depth, y)
    if question.told == "held_out_error":
        return 100 * held_out_error(question.law, points), None
    if question.told == "first_cost":
        return two_costs(depth, size, y)[0], None
    number, expected = told(points, float(question.at or 0.0))
    return number, Interval(*astuple(expected))


def _exponents(runs: RunValues, sizes: Floats) -> list[float]:
    """The exponent of each session in which enough sizes were measured. Raises ``NoValue`` where there is none."""
    found = []
    for session in np.unique(runs.columns["session"]):
        own = runs.columns["session"] == session
        x, y = points_of(sizes[own], sizes[own], runs.values[own])
        try:
            found.append(power_law(x, y).exponent)
        except NoValue as none:
            if none.reason != Missing.TOO_FEW_SAMPLES:
                raise
    if not found:
        raise NoValue(Missing.TOO_FEW_SAMPLES)
    return found


def _depths(data: Measurements, question: Fitted, runs: RunValues, sizes: Floats) -> Floats:
    """The number of layers at each size, shape ``(sizes,)``."""
    depths = numbers_of([data.settings[str(run)].get(question.depth) for run in runs.columns["run_id"]])
    if depths is None or bool(np.isnan(depths).any()):
        raise NoValue(Missing.NOT_REPORTED)
    _, of_size = points_of(sizes, sizes, depths)
    return of_size
