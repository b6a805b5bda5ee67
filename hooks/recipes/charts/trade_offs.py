"""What one thing costs of another: a point for each row, those that fail a gate hollow."""

from __future__ import annotations

from ...content.charts import Point
from ...content.scatter import LogAxes, Sized, logarithmic
from ..columns import AskedColumn
from ..rows import Row, Rows, names_in
from .intervals import drawn

PASSES, FAILS = "passes", "fails"


def trade_off(
    name: str,
    title: str,
    across: AskedColumn[Row],
    up: AskedColumn[Row],
    passed: Rows[Row],
    failed: Rows[Row],
    *,
    label: str,
    series: str,
) -> None:
    """A chart of the column ``up`` against the column ``across``, on logarithmic axes, with a point for each row.

    Points of rows that ``failed`` the accuracy gate are hollow. Each stands beside its ``label``, such as
    ``{precision}``; ``series``, such as ``{arm}``, colours it. Raises ``UsageError`` where there are no rows.
    """
    points = [
        Sized(
            Point(row.text(label), drawn(name, up, over.draft, row), row.text(series), verdict),
            drawn(name, across, over.draft, row),
        )
        for over, verdict in ((passed, PASSES), (failed, FAILS))
        for row in over
    ]
    first, second = (" and ".join(map(passed.heading, names_in(words))) for words in (label, series))
    axes = LogAxes(first, across.column.header, up.column.header, second, "accuracy gate")
    passed.draft.figure(logarithmic(name, title, axes, points, joined=False, hollow=FAILS))
