"""How far apart the sessions of a dataset are, on the scale of logarithms."""

from __future__ import annotations

import math
from dataclasses import astuple
from typing import Any

import numpy as np

from harness.metrics import metric as metric_named
from harness.stats.spread import log_spread
from harness.units import RATIO

from ..values.evidence import Interval, Level, Strength
from ..values.questions import OfMetric, Spread
from ..values.value import Value, absent
from .contrasts import MARGIN, level_effects
from .estimates import usual_reduction
from .filters import Where
from .measurements import MEASURED, Measurements

TOO_FEW = "too few sessions"


def session_spread(
    data: Measurements,
    metric_id: str,
    where: Where,
    *,
    within: str | None = None,
    sides: tuple[str, Level, Level] | None = None,
) -> Value:
    """The spread of a metric over sessions, or that of the ratio of ``sides``: a factor, its level, its reference."""
    asked: dict[str, Any] = data.about_metric(metric_id, where, MEASURED, within)
    factor, level, reference = sides or (None, None, None)
    return answer_spread(data, Spread(**asked, factor=factor, level=level, reference=reference))


def answer_spread(data: Measurements, question: Spread) -> Value:
    """The answer to a question about a spread."""
    return data.kept(question, lambda: _spread(data, question))


def _spread(data: Measurements, question: Spread) -> Value:
    meaning = metric_named(question.metric).definition
    logs = _logs(data, question) if data.several_sessions else []
    if len(logs) < 2:
        return absent(TOO_FEW, RATIO, question, meaning, Strength.DERIVED)
    found = log_spread(np.array(logs, np.float64))
    interval = Interval(*astuple(found.interval)) if found.interval else None
    return Value(found.value, RATIO, Strength.DERIVED, interval, found.n, question=question, definition=meaning)


def _logs(data: Measurements, question: Spread) -> list[float]:
    within = question.within or usual_reduction(metric_named(question.metric))
    asked: dict[str, Any] = data.about_metric(question.metric, dict(question.where), MEASURED, within)
    if question.factor is None:
        sample = data.of_metric(OfMetric(**asked)).sample
        return [math.log(number) for number in sample.by_block() if number > 0] if sample else []
    of_metric = OfMetric(**{**asked, "phase": MEASURED, "within": within})
    report = level_effects(data, of_metric, question.factor, MARGIN, question.reference)
    return next((list(one.logs) for one in report.effects if one.level == question.level), [])
