"""What clients receive of what a server offers them, on logarithmic axes, with the rates of engines marked.

A client whose tokens are not shown to arrive in time has hollow points: its knee lies before the first of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...content.charts import Point
from ...content.scatter import LogAxes, Sized, logarithmic
from ...values.value import Value
from ..rows import Row, Rows
from .knee import IN_TIME, OFFERED, arrives, lag_of

RECEIVED = "decode_tps"
ALL, ENGINES = "everything", "engines"
HOLLOW = "not shown in time"
WRITTEN, MADE = "written", "made"


def received(over: Rows[Row], name: str, title: str, *, label: str, series: str, engines: Rows[Row]) -> None:
    """The rate that each row receives over the rate that it was offered; a client that keeps up lies on the line of
    ``ALL``. ``engines`` stand on that line at their own rates."""
    axes = LogAxes("rate", "offered", "received", "client × streams", "tokens")
    found = _points(over, lambda row: over.draft.ask(RECEIVED, row.where), label, series)
    points = [*found, *_ideal(over, label), *_rates(engines)]
    over.draft.figure(logarithmic(name, title, axes, points, hollow=HOLLOW, mixed=True, plain=(ALL, ENGINES)))


def lag(over: Rows[Row], name: str, title: str, *, label: str, series: str) -> None:
    """The p95 of how far each row is behind what was written, over the rate that it was offered."""
    axes = LogAxes("rate", "offered", "lag", "client × streams", "tokens")
    points = list(_points(over, lambda row: lag_of(over.draft, row), label, series))
    over.draft.figure(logarithmic(name, title, axes, points, hollow=HOLLOW))


def _points(over: Rows[Row], asked: Callable[[Row], Value], label: str, series: str) -> Iterator[Sized]:
    for row in over:
        in_time = arrives(lag_of(over.draft, row)) == IN_TIME
        point = Point(row.text(label), asked(row), row.text(series), IN_TIME if in_time else HOLLOW)
        yield Sized(point, over.draft.ask(OFFERED, row.where))


def _ideal(over: Rows[Row], label: str) -> Iterator[Sized]:
    """The line of a client that receives everything, from the lowest to the highest rate that was offered."""
    offered = sorted(((over.draft.ask(OFFERED, row.where), row) for row in over), key=lambda one: one[0].number or 0.0)
    for value, row in (*offered[:1], *offered[1:][-1:]):
        yield Sized(Point(row.text(label), value, ALL, WRITTEN), value)


def _rates(engines: Rows[Row]) -> Iterator[Sized]:
    for row in engines:
        rate = engines.draft.ask(RECEIVED, row.where)
        yield Sized(Point(row.text("{model}"), rate, ENGINES, MADE), rate)
