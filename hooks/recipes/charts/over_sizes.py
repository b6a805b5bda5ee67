"""Charts of a metric over sizes, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Callable

from ...content.charts import Point
from ...content.scatter import LogAxes, Sized, logarithmic
from ...values.value import Value
from ..report_builder import Draft
from ..rows import Row, Rows

Asked = Callable[[Draft, Row], Value]


def over_sizes(
    draft: Draft,
    name: str,
    title: str,
    axes: LogAxes,
    size: Asked,
    *series: tuple[Rows[Row], str, Asked],
    point: str = "{model}",
) -> None:
    """A chart over the ``size`` of each row. A series is rows, what names it (such as ``{engine}``), and its values;
    ``point`` names a row."""
    points = (
        Sized(Point(row.text(point), asked(draft, row), row.text(label)), size(draft, row))
        for over, label, asked in series
        for row in over
    )
    draft.figure(logarithmic(name, title, axes, list(points)))
