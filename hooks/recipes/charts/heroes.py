"""The chart of a report's first screen: two numbers for each point, each with its runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from harness.units import ONE, S

from ...content.charts import Point
from ...content.plane import Axis, Placed, plane
from ...text.naming import level_text
from ...values.value import Value, constant
from ..contrasts import Effect
from ..report_builder import Draft
from ..rows import Row, Rows
from ..stalls import until_paid

R = TypeVar("R", bound=Row)
HERO = "hero"
"""The name of the figure that the page template places on the first screen."""


@dataclass(frozen=True, slots=True)
class Look:
    """How rows are drawn: ``label`` as in ``{arm} {precision}``, what heads it, the ``inks`` (numbers of colours) of
    the levels of ``by``, and which rows are ``hollow`` because they fail the accuracy gate."""

    label: str
    by: str
    heading: str
    inks: Mapping[str, int] = field(default_factory=dict)
    hollow: Callable[[Row], bool] = lambda _: False

    def ink(self, row: Row) -> int:
        return self.inks.get(level_text(row.where[self.by]), 1)

    def named(self, row: Row) -> str:
        said = row.text(self.label)
        return f"{said}, fails the gate" if self.hollow(row) else said


def scatter(over: Rows[R], name: str, title: str, measures: Mapping[str, str], look: Look) -> None:
    """Two metrics of each row against each other, on logarithmic axes; ``measures`` are their words by id."""
    if not over:
        return
    (across, side), (up, height) = measures.items()
    axes = Axis(side, log=True), Axis(height, log=True)
    points = [
        Placed(
            Point(look.named(row), over.draft.ask(up, row.where)),
            over.draft.ask(across, row.where),
            look.ink(row),
            look.hollow(row),
        )
        for row in over
    ]
    over.draft.figure(plane(name, title, look.heading, *axes, points))


def slope(over: Rows[R], name: str, title: str, metric_id: str, words: str, setting: str, look: Look) -> None:
    """A metric at the levels of a setting that the engine reports as a number, a line for each series."""
    draft = over.draft
    found = [(row, draft.data.effective(setting, {setting: row.where[setting]})) for row in over]
    levels = sorted({float(value.number) for _, value in found if value.number is not None})
    if len(levels) < 2:
        return
    points = [
        Placed(
            Point(look.named(row), draft.ask(metric_id, row.where), series=look.named(row)),
            value,
            look.ink(row),
            named=value.number == levels[-1],
        )
        for row, value in found
    ]
    axes = Axis(over.heading(setting), ticks=tuple(levels)), Axis(words)
    draft.figure(plane(name, title, look.heading, *axes, points, joined=True))


def paying_off(
    over: Rows[Effect], name: str, title: str, cost: str, counted: str, ahead: str, last: float, look: Look
) -> None:
    """What a cost of runs leaves after so many requests: behind by all of it at first, even where it has been paid.

    ``counted`` and ``ahead`` head the axes, ``last`` is the number of requests at the right. A row whose cost is never
    paid as far as its runs tell has no line.
    """
    points = [point for row in over for point in _course(over.draft, row, cost, last, look)]
    if not points:
        return
    axes = Axis(counted), Axis(ahead, better="high")
    over.draft.figure(plane(name, title, look.heading, *axes, points, joined=True))


def _course(draft: Draft, row: Effect, cost: str, last: float, look: Look) -> Iterable[Placed]:
    paid, _ = until_paid(draft, row, cost)
    if paid.number is None:
        return
    spent = draft.ask(cost, row.where).to(S)
    start, even, end = constant(0.0, ONE, "no answer yet"), constant(0.0, S, "paid"), constant(last, ONE, "answers")
    label = look.named(row)
    ink = look.ink(row) if paid.interval else 6
    for across, up, named in (
        (start, _of(name := f"behind {label}", even - spent), False),
        (paid, even, False),
        (end, _of(name.replace("behind", "ahead"), spent * (end / paid) - spent), True),
    ):
        yield Placed(Point(label, up, series=label), across, ink, named=named)


def _of(name: str, value: Value) -> Value:
    return value.named("-".join(name.replace(",", "").split()))
