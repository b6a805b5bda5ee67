"""A level of a factor against its first one, metric by metric, over all runs that share everything else."""

from __future__ import annotations

from collections.abc import Mapping

from ...analysis.contrasts import contrasts
from ...values.evidence import Level
from ..charts.intervals import chart
from ..contrasts import PHASE, REFERENCE, Effect, ratio, ratio_and_finding
from ..report_builder import Draft
from ..rows import Kinds, Rows, literal
from ..tables import table

METRIC = PHASE
"""The name of a row that says its metric."""


def by_metric(
    draft: Draft,
    metrics: Mapping[str, str],
    factor: str,
    where: Mapping[str, Level] | None = None,
    *,
    kinds: Kinds | None = None,
) -> Rows[Effect]:
    """Each level of ``factor`` against the first one: a row for each metric, by its words. Raises ``UnknownName``."""
    draft.demand_known({**(where or {}), factor: ()})
    kinds = kinds or {}
    lines = tuple(
        Effect(
            {**(where or {}), factor: one.level},
            {
                METRIC: words,
                factor: literal(draft, factor, one.level, kinds),
                REFERENCE: literal(draft, factor, one.reference, kinds),
            },
            {metric_id: one},
        )
        for metric_id, words in metrics.items()
        for one in contrasts(draft.data, metric_id, factor, where)
    )
    return Rows(draft, (METRIC, factor), lines, {METRIC: "metric"}, kinds)


def forest(over: Rows[Effect], name: str, title: str, heading: str, *, series: str = "") -> None:
    """A chart of the ratios around one, and the table of what was found of each."""
    table(over, name, title, ratio_and_finding(heading))
    if over:
        measure = ratio(heading)
        chart(over, name, title, measure, label=f"{{{METRIC}}}", axis="metric", series=series, mixed=True)
