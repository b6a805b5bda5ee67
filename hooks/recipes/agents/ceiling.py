"""What clients receive of what a server offers them, on logarithmic axes, with the rates of engines marked."""

from __future__ import annotations

from collections.abc import Iterator

from ...content.charts import Point
from ...content.scatter import LogAxes, Sized, logarithmic
from ..rows import Row, Rows

RECEIVED, OFFERED, LAG = "decode_tps", "offered_tps", "arrival_lag"
ALL, ENGINES = "everything", "engines"


def received(over: Rows[Row], name: str, title: str, *, label: str, series: str, engines: Rows[Row]) -> None:
    """The rate that each row receives over the rate that it was offered; a client that keeps up lies on the line of
    ``ALL``. ``engines`` stand on that line at their own rates."""
    axes = LogAxes("rate", "offered", "received", "client × streams")
    points = [*_points(over, RECEIVED, label, series), *_ideal(over, label), *_rates(engines)]
    over.draft.figure(logarithmic(name, title, axes, points, mixed=True, plain=(ALL, ENGINES)))


def lag(over: Rows[Row], name: str, title: str, *, label: str, series: str) -> None:
    """How far each row is behind what was written, over the rate that it was offered."""
    axes = LogAxes("rate", "offered", "lag", "client × streams")
    over.draft.figure(logarithmic(name, title, axes, list(_points(over, LAG, label, series))))


def _points(over: Rows[Row], metric_id: str, label: str, series: str) -> Iterator[Sized]:
    for row in over:
        value, size = (over.draft.ask(asked, row.where) for asked in (metric_id, OFFERED))
        yield Sized(Point(row.text(label), value, row.text(series)), size)


def _ideal(over: Rows[Row], label: str) -> Iterator[Sized]:
    """The line of a client that receives everything, from the lowest to the highest rate that was offered."""
    offered = sorted(((over.draft.ask(OFFERED, row.where), row) for row in over), key=lambda one: one[0].number or 0.0)
    for value, row in (*offered[:1], *offered[1:][-1:]):
        yield Sized(Point(row.text(label), value, ALL), value)


def _rates(engines: Rows[Row]) -> Iterator[Sized]:
    for row in engines:
        rate = engines.draft.ask(RECEIVED, row.where)
        yield Sized(Point(row.text("{model}"), rate, ENGINES), rate)
