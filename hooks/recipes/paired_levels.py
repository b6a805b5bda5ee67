"""A metric at one level of a factor beside the same metric at another, and what a formula makes of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..content.blocks import Column
from ..values.evidence import Level
from ..values.value import Value
from .columns import AskedColumn, metric
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
    formula: Callable[[Value, Value], Value],
    *,
    headings: tuple[str, str, str],
    meaning: str,
) -> Rows[Row]:
    """A table of ``metric_id`` at a level of ``factor`` and at another one (``pairs``: this one → that one).

    ``formula(that, this)`` becomes a finding of each row with the definition ``meaning``; ``headings`` are those of
    that, of this and of the finding. Rows and pairs without both numbers are left out, as are pairs of which a level
    was not recorded. Returns the rows of the table. Raises ``UnknownName`` for a level that is not declared.
    """
    draft = over.draft
    draft.demand_known({factor: [*pairs, *pairs.values()]})
    recorded = set(draft.data.levels(factor))
    crossed = over.per(factor, [this for this, that in pairs.items() if {this, that} <= recorded])

    def that(draft: Draft, row: Row) -> Value:
        return draft.ask(metric_id, {**row.where, factor: pairs[row.where[factor]]})

    def combined(draft: Draft, row: Row) -> Value:
        made = formula(that(draft, row), draft.ask(metric_id, row.where))
        return draft.finding(f"{name}_{row.slug(factor)}_{row.slug(*over.names)}", made, meaning)

    both = crossed.keep(lambda row: None not in (that(draft, row).number, draft.ask(metric_id, row.where).number))
    first, second, third = headings
    asked = metric(metric_id, second)
    result = AskedColumn(Column(third, None, "interval"), combined)
    table(both, name, caption, AskedColumn(Column(first, asked.column.unit, "interval"), that), asked, result)
    return both
