"""How the runs of an arm are spread: each run is a point of its own."""

from __future__ import annotations

from dataclasses import dataclass

from ...values.value import Value
from ..charts.intervals import chart
from ..columns import column
from ..report_builder import Draft
from ..rows import Row, Rows


@dataclass(frozen=True, slots=True)
class _Run(Row):
    """One run of a row."""

    run_id: str


def spread(over: Rows[Row], name: str, title: str, metric_id: str, heading: str, *, label: str, series: str) -> None:
    """A chart with a point for every run of the rows that has a number. Raises as ``chart``."""
    data = over.draft.data
    lines = tuple(_Run(row.where, row.names, run) for row in over for run in data.run_ids(row.where))
    runs = Rows(over.draft, over.names, lines, over.headings, over.kinds)

    def asked(draft: Draft, row: _Run) -> Value:
        return draft.data.value(metric_id, {**row.where, "run_id": row.run_id})

    chart(runs, name, title, column(heading, asked), label=label, series=series, zero=False)
