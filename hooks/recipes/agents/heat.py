"""A heat map: a metric by the levels of one factor across and of others down."""

from __future__ import annotations

from ...content.blocks import Column
from ...values.evidence import Level
from ...values.value import Value
from ..columns import AskedColumn, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table


def heat(over: Rows[Row], name: str, caption: str, metric_id: str, factor: str) -> None:
    """A shaded table with a column for each recorded level of ``factor``. Raises ``UnknownName``."""
    asked = metric(metric_id)

    def at(level: Level) -> AskedColumn[Row]:
        def ask(draft: Draft, row: Row) -> Value:
            return draft.ask(metric_id, {**row.where, factor: level})

        return AskedColumn(Column(over.draft.study.called(factor, level), asked.column.unit, kind="setting"), ask)

    table(over, name, caption, *(at(level) for level in over.draft.data.levels(factor)), heat=True)
