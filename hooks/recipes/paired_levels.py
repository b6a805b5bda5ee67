"""A metric at one level of a factor beside the same metric at another, and their ratio in pairs of like runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..analysis.contrasts import Contrast, contrasts
from ..content.blocks import Column
from ..values.evidence import Level
from ..values.value import Value
from .columns import AskedColumn, metric
from .contrasts import Effect, ratio_and_finding
from .report_builder import Draft
from .rows import Row, Rows
from .tables import table


def paired(
    over: Rows[Row],
    name: str,
    caption: str,
    metric_id: str,
    factor: str,
    pairs: Mapping[Level, Level],
    *,
    headings: tuple[str, str, str],
) -> Rows[Effect]:
    """A table of ``metric_id`` at a level of ``factor`` and at another one (``pairs``: this one → that one).

    The ratio of this to that, over pairs of runs that share all else, becomes a finding of each row; ``headings`` are
    those of that, of this and of the ratio. Rows without a pair are left out, as are pairs of which a level was not
    recorded. Returns the rows of the table. Raises ``UnknownName`` for a level that is not declared.
    """
    draft = over.draft
    draft.demand_known({factor: [*pairs, *pairs.values()]})
    recorded = set(draft.data.levels(factor))
    crossed = over.per(factor, [this for this, that in pairs.items() if {this, that} <= recorded])
    lines = tuple(
        Effect(row.where, row.names, {metric_id: one})
        for row in crossed
        for one in _contrast(draft, metric_id, factor, row, pairs[row.where[factor]])
    )
    both = Rows(draft, crossed.names, lines, crossed.headings, crossed.kinds)
    for row in both:
        draft.finding(f"{name}_{row.slug(factor)}_{row.slug(*over.names)}", row.contrast.ratio)
    first, second, third = headings
    asked = metric(metric_id, second)

    def that(draft: Draft, row: Row) -> Value:
        return draft.ask(metric_id, {**row.where, factor: pairs[row.where[factor]]})

    before = AskedColumn(Column(first, asked.column.unit, "interval"), that)
    table(both, name, caption, before, asked, ratio_and_finding(third))
    return both


def _contrast(draft: Draft, metric_id: str, factor: str, row: Row, that: Level) -> Iterator[Contrast]:
    """The contrast of a row's level with ``that``, alone in its family; none where no runs are paired."""
    where = {**row.where, factor: (row.where[factor], that)}
    yield from contrasts(draft.data, metric_id, factor, where, reference=that)
