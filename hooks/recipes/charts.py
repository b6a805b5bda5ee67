"""Charts of what the columns of tables ask: the heading names the measure, the values bring their unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from harness.errors import UsageError

from ..content.charts import Axes, Point, intervals
from ..content.scatter import LogAxes, Sized, logarithmic
from ..values.questions import PairedQuestion
from ..values.value import Value
from .columns import AskedColumn
from .report_builder import Draft
from .rows import Row, Rows, names_in

R = TypeVar("R", bound=Row)


def chart(
    over: Rows[R],
    name: str,
    title: str,
    shown: AskedColumn[R] | Mapping[str, AskedColumn[R]],
    *,
    label: str,
    axis: str = "",
    series: str = "",
    group: str = "",
    mixed: bool = False,
    zero: bool = True,
) -> None:
    """A point with its interval for each row; ratios to a reference are drawn beside a line at one, not from zero.

    ``label`` such as ``{arm} {precision}`` names the points, ``axis`` heads the labels where the headings of their
    names do not. ``series`` and ``group`` are names of a row. Where several columns are ``shown``, each is a series
    named by its key, and ``series`` says what the keys are; all must have one heading. Several metrics stand on one
    axis only where they are declared ``mixed``, and labels or series name them. Where no ``zero`` is
    wanted, the axis begins at the least.

    Raises ``UsageError`` for columns of several headings or without values, ``UnknownName`` for a name that the rows do
    not have.
    """
    several = isinstance(shown, Mapping)
    columns = shown if isinstance(shown, Mapping) else {f"{{{series}}}" if series else "": shown}
    measures = {one.column.header for one in columns.values()}
    if len(measures) != 1:
        raise UsageError(f"figure {name!r} shows {' and '.join(sorted(measures)) or 'nothing'}; give it one heading")
    panel = f"{{{group}}}" if group else ""
    points = [
        Point(row.text(label), drawn(name, one, over.draft, row), key if several else row.text(key), row.text(panel))
        for row in over
        for key, one in columns.items()
    ]
    axes = Axes(
        axis or " and ".join(map(over.heading, names_in(label))),
        measures.pop(),
        series if several else series and over.heading(series),
        group and over.heading(group),
    )
    ratios = all(isinstance(point.value.question, PairedQuestion) for point in points)
    rule = 1.0 if ratios else None
    over.draft.figure(intervals(name, title, axes, points, zero=zero and not ratios, rule=rule, mixed=mixed))


def drawn(figure: str, asked: AskedColumn[R], draft: Draft, row: R) -> Value:
    """What a column says of a row, for a figure. Raises ``UsageError`` for what is no value."""
    cell = asked.ask(draft, row)
    if not isinstance(cell, Value):
        raise UsageError(f"figure {figure!r} shows {asked.column.header!r}, which is no value; draw numbers only")
    return cell


def front(
    over: Rows[R], name: str, title: str, across: AskedColumn[R], up: AskedColumn[R], *, label: str, axis: str = ""
) -> None:
    """One column against another, a point for each row, both on logarithmic axes and all above zero.

    Raises ``UsageError`` for columns without values.
    """
    points = [
        Sized(
            Point(row.text(label), drawn(name, up, over.draft, row), "this dataset"),
            drawn(name, across, over.draft, row),
        )
        for row in over
    ]
    words = axis or " and ".join(map(over.heading, names_in(label)))
    size = f"{across.column.header} ({across.column.unit.symbol})" if across.column.unit else across.column.header
    over.draft.figure(logarithmic(name, title, LogAxes(words, size, up.column.header, "dataset"), points))
