"""What the factors of a dataset did to a metric: contrasts, levels that were one, and how far sessions lie apart."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from harness.errors import UsageError
from harness.metrics import metric as metric_named
from harness.metrics.factors import FactorReport, Merged, factor_report
from harness.outcomes import Missing
from harness.stats.comparison.factor_effect import LevelEffect
from harness.stats.spread import log_spread
from harness.units import RATIO

from ..text.naming import level_text
from ..values.evidence import Interval, Level, Strength
from ..values.questions import Contrasted, Detectable, MetricQuestion, OfMetric, Spread, question_record
from ..values.value import Value, absent
from .estimates import usual_reduction
from .filters import Where, native
from .measurements import MEASURED, Measurements

MARGIN = 0.05
"""Levels whose ratio lies within 5 % of one are called equivalent, where a report declares nothing else."""

TOO_FEW = "too few sessions"
_SHARED = tuple(field.name for field in fields(MetricQuestion))


@dataclass(frozen=True, slots=True)
class Contrast:
    """A level against the reference: their ratio over blocks of like runs, and what may be said of it.

    ``verdict``: *effect*, *equivalent* (within the declared margin), *none found*, or *unknown* (too few blocks).
    ``detectable`` is the smallest ratio over one that at least four of five such recordings would have found.
    """

    factor: str
    level: Level
    reference: Level
    ratio: Value
    verdict: str
    detectable: Value


CONTRASTS: TypeAdapter[tuple[Contrast, ...]] = TypeAdapter(tuple[Contrast, ...])
MERGED: TypeAdapter[tuple[Merged, ...]] = TypeAdapter(tuple[Merged, ...])


def varied(data: Measurements) -> tuple[str, ...]:
    """The factors with more than one recorded level, in the study's order."""
    design: Any = data.dataset.manifest.design
    return tuple(factor["name"] for factor in design["factors"] if len(data.levels(factor["name"])) > 1)


def proof(data: Measurements, factor: str) -> str | None:
    """The engine's setting that proves a level of ``factor``; ``None`` where it reports none."""
    design: Any = data.dataset.manifest.design
    found: str | None = next(item["effective"] for item in design["factors"] if item["name"] == factor)
    return found


def contrasts(
    data: Measurements,
    metric_id: str,
    factor: str,
    where: Where | None = None,
    *,
    margin: float = MARGIN,
    phase: str = MEASURED,
    within: str | None = None,
    reference: Level | None = None,
) -> tuple[Contrast, ...]:
    """Each level of ``factor`` against ``reference`` or the first one, in pairs of like runs, averaged by block.

    Levels that the engine ran as one configuration count as one.
    """
    of_metric = _of_metric(data, metric_id, where, phase, within)
    base = data.levels(factor)[0] if reference is None else reference
    asked = ["contrasts", question_record(of_metric), factor, margin, base]
    return data.answers.of(asked, CONTRASTS, lambda: _contrasts(data, of_metric, factor, margin, base))


def _of_metric(
    data: Measurements, metric_id: str, where: Where | None, phase: str = MEASURED, within: str | None = None
) -> OfMetric:
    """The question about the metric of both sides. A metric of runs has a phase here too, as ids have always had it."""
    reduction = within or usual_reduction(metric_named(metric_id))
    return OfMetric(**{**data.about_metric(metric_id, where, phase, within), "phase": phase, "within": reduction})


def _contrasts(
    data: Measurements, of_metric: OfMetric, factor: str, margin: float, reference: Level
) -> tuple[Contrast, ...]:
    report = level_effects(data, of_metric, factor, margin, reference)
    return tuple(_contrast(of_metric, factor, effect) for effect in report.effects)


def answer_contrast(data: Measurements, question: Contrasted | Detectable) -> Value:
    """The answer to a question about a contrast. Raises ``UsageError`` where its factor does not have the level."""
    where, phase = dict(question.where), question.phase or MEASURED
    asked: dict[str, Any] = {"phase": phase, "within": question.within, "reference": question.reference}
    for found in contrasts(data, question.metric, question.factor, where, **asked):
        if (found.level, found.reference) == (question.level, question.reference):
            return found.detectable if isinstance(question, Detectable) else found.ratio
    sides = f"{level_text(question.level)} against {level_text(question.reference)}"
    raise UsageError(f"{data.dataset.label} has no pairs of {question.factor} {sides}")


def merged(data: Measurements, factor: str, metric_id: str, where: Where | None = None) -> tuple[Merged, ...]:
    """The groups of levels of ``factor`` that the engine ran as one configuration, with their A/A tests."""
    of_metric = _of_metric(data, metric_id, where)
    question = ["merged", question_record(of_metric), factor]
    first = data.levels(factor)[0]
    return data.answers.of(
        question, MERGED, lambda: tuple(level_effects(data, of_metric, factor, MARGIN, first).merged)
    )


def level_effects(
    data: Measurements, of_metric: OfMetric, factor: str, margin: float, reference: Level | None
) -> FactorReport:
    """Every level of ``factor`` against ``reference``, and the levels that were one."""
    values = data.values(of_metric)
    kept = pc.is_in(data.dataset.runs["run_id"], value_set=pa.array(list(values.columns["run_id"])))
    return factor_report(
        values,
        data.dataset.runs.filter(kept),
        factor,
        effective=proof(data, factor),
        margin=margin,
        reference=reference,
    )


def _contrast(of_metric: OfMetric, factor: str, effect: LevelEffect) -> Contrast:
    level, reference = native(effect.level), native(effect.reference)
    asked: dict[str, Any] = {name: getattr(of_metric, name) for name in _SHARED}
    asked |= {"factor": factor, "level": level, "reference": reference}
    found = effect.comparison.estimate
    ratio = Value(
        found.value,
        RATIO,
        Strength.DERIVED,
        Interval(*astuple(found.interval)) if found.interval else None,
        found.n,
        question=Contrasted(**asked),
        definition=metric_named(of_metric.metric).definition,
        caution="too few blocks for an interval" if found.missing else "",
        ratios=tuple(map(math.exp, effect.logs)),
    )
    return Contrast(factor, level, reference, ratio, effect.verdict, _detectable(ratio, asked, effect.detectable))


def _detectable(ratio: Value, asked: dict[str, Any], found: float | None) -> Value:
    question = Detectable(**asked)
    if found is None:
        return absent(Missing.TOO_FEW_RUNS, RATIO, question, ratio.definition, Strength.DERIVED)
    return replace(ratio, number=found, interval=None, question=question, caution="", ratios=())


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
