"""What the factors of a dataset did to a metric: contrasts between levels, and levels that were one."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from harness.metrics import metric as metric_named
from harness.metrics.definition import Metric
from harness.metrics.factors import FactorReport, Merged, factor_report
from harness.metrics.runs import select
from harness.outcomes import Missing
from harness.stats.comparison.factor_effect import LevelEffect
from harness.units import RATIO

from ..values.selector import DETECTABLE, PAIRED, Interval, Level, Selector, Strength
from ..values.value import Value, absent
from .measurements import Measurements, Where, canonical, native, plain, usual_reduction

MARGIN = 0.05
"""Levels whose ratio lies within 5 % of one are called equivalent, where a report declares nothing else."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A level against the reference: their ratio over pairs of like runs, and what may be said of it.

    ``verdict``: *effect*, *equivalent* (within the declared margin), *none found*, or *unknown* (too few pairs).
    ``detectable`` is the smallest ratio over one that four of five such experiments would have found.
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
    phase: str = "measured",
    within: str | None = None,
) -> tuple[Contrast, ...]:
    """Each level of ``factor`` against the first one, in pairs of runs that share everything else.

    Levels that the engine ran as one configuration count as one.
    """
    reduction = within or usual_reduction(metric_named(metric_id))
    asked = ["contrasts", metric_id, factor, canonical(where), margin, phase, reduction, data.other_recording]
    return data.answers.of(
        asked, CONTRASTS, lambda: _contrasts(data, metric_id, factor, where, margin, (phase, reduction))
    )


def _contrasts(
    data: Measurements, metric_id: str, factor: str, where: Where | None, margin: float, asked: tuple[str, str]
) -> tuple[Contrast, ...]:
    metric, (phase, reduction) = metric_named(metric_id), asked
    label, digest = data.dataset.label, data.dataset.digest
    shared = Selector(
        label,
        digest,
        metric.id,
        metric.version,
        canonical(where),
        phase,
        reduction,
        other_recording=data.other_recording,
    )
    report = _report(data, metric_id, factor, where, asked, margin)
    return tuple(_contrast(shared, metric, factor, effect) for effect in report.effects)


def merged(data: Measurements, factor: str, metric_id: str, where: Where | None = None) -> tuple[Merged, ...]:
    """The groups of levels of ``factor`` that the engine ran as one configuration, with their A/A tests."""
    asked = "measured", usual_reduction(metric_named(metric_id))
    question = ["merged", metric_id, factor, canonical(where), *asked]
    return data.answers.of(
        question, MERGED, lambda: tuple(_report(data, metric_id, factor, where, asked, MARGIN).merged)
    )


def _report(
    data: Measurements, metric_id: str, factor: str, where: Where | None, asked: tuple[str, str], margin: float
) -> FactorReport:
    values = select(data.runs(metric_id, *asked), plain(where))
    kept = pc.is_in(data.dataset.runs["run_id"], value_set=pa.array(list(values.columns["run_id"])))
    return factor_report(
        values,
        data.dataset.runs.filter(kept),
        factor,
        effective=proof(data, factor),
        margin=margin,
        reference=data.levels(factor)[0],
    )


def _contrast(shared: Selector, metric: Metric, factor: str, effect: LevelEffect) -> Contrast:
    level, reference = native(effect.level), native(effect.reference)
    found = effect.comparison.estimate
    value = Value(
        found.value,
        RATIO,
        Strength.DERIVED,
        Interval(*astuple(found.interval)) if found.interval else None,
        found.n,
        selector=replace(shared, across=PAIRED, contrast=(factor, level, reference)),
        definition=f"{metric.name}: {metric.formula}",
        caution="too few pairs for an interval" if found.missing else "",
    )
    return Contrast(factor, level, reference, value, effect.verdict, _detectable(value, effect.detectable))


def _detectable(ratio: Value, found: float | None) -> Value:
    selector = replace(ratio.selector, across=DETECTABLE) if ratio.selector else None
    if found is None:
        return absent(Missing.TOO_FEW_RUNS, RATIO, selector, ratio.definition, Strength.DERIVED)
    return replace(ratio, number=found, interval=None, selector=selector, caution="")
