"""A metric against a size, both on logarithmic axes: one list of points makes the spec, the drawing and the table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harness.units import ONE, Unit

from ..text.escaping import one_line
from ..values.value import Value
from .blocks import Column, Figure, Lit, Table
from .charts import DATA, Point, comparable, datum, safe
from .vega import WIDTH, static_svg

HEIGHT = 320


@dataclass(frozen=True, slots=True)
class Sized:
    """A point of a series, named by its label, at a ``size``."""

    point: Point
    size: Value


@dataclass(frozen=True, slots=True)
class LogAxes:
    """The words of a chart: what the labels are, what the sizes are, what is measured, what the series are."""

    label: str
    size: str
    measure: str
    series: str


def logarithmic(name: str, title: str, axes: LogAxes, points: Sequence[Sized], *, mixed: bool = False) -> Figure:
    """Points with their intervals over their sizes, those of a series joined by a line. All are positive.

    Raises ``UsageError`` where points differ in unit or measure different things; series that are several metrics are
    ``mixed``.
    """
    unit = comparable(name, [one.point for one in points], mixed=mixed)
    title, points = one_line(title), [Sized(safe(one.point), one.size) for one in points]
    shown = [one for one in points if one.point.value.number is not None and one.size.number is not None]
    spec = _spec(title, axes, shown, unit)
    description = (
        f"{title}. {axes.measure} by {axes.size}, both on logarithmic axes. The table below holds all numbers."
    )
    table = _table(f"{name}-data", title, axes, points, unit)
    return Figure(name, title, description, spec, static_svg(spec, f"svg-{name}"), table)


def _spec(title: str, axes: LogAxes, points: Sequence[Sized], unit: Unit) -> dict[str, Any]:
    import altair as alt

    rows = [{**datum(one.point, order), "size": one.size.number, "at": one.size.id} for order, one in enumerate(points)]
    measure = f"{axes.measure} ({unit.symbol})" if unit.symbol else axes.measure
    ends = [row[end] for row in rows for end in ("low", "high")]
    sizes = next((f" ({one.size.unit.symbol})" for one in points if one.size.unit.symbol), "")
    x = alt.X("size:Q", title=f"{axes.size}{sizes}", **_log([row["size"] for row in rows], "~s"))
    y: dict[str, Any] = {"title": measure, **_log(ends, "~s" if max(ends, default=0.0) > 1e4 else "~g")}
    domain = alt.Scale(domain=list(dict.fromkeys(one.point.series for one in points)))
    named: dict[str, Any] = {"scale": domain, "title": axes.series, "legend": alt.Legend(labelLimit=0)}
    colour, shape = alt.Color("series:N", **named), alt.Shape("series:N", **named)
    fields = [("label", axes.label), ("series", axes.series), ("text", axes.measure)]
    fields += [("interval", "interval"), ("runs", "runs")]
    tips = [alt.Tooltip(f"{field}:N", title=heading) for field, heading in fields]
    layers = [
        alt.Chart().mark_line(strokeWidth=1.2).encode(x=x, y=alt.Y("number:Q", **y), color=colour),
        alt.Chart().mark_rule().encode(x=x, y=alt.Y("low:Q", **y), y2="high:Q", color=colour, tooltip=tips),
        alt.Chart()
        .mark_point(opacity=1)
        .encode(x=x, y=alt.Y("number:Q", **y), color=colour, shape=shape, tooltip=tips),
    ]
    chart = alt.LayerChart(data=alt.NamedData(DATA), layer=layers, height=HEIGHT, width=WIDTH - 100)
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("config", None)
    return {**spec, "datasets": {DATA: rows}, "description": title}


def _log(numbers: Iterable[float], written: str) -> dict[str, Any]:
    """A logarithmic scale around ``numbers`` whose only ticks are powers of ten, ``written`` in a format of d3."""
    import altair as alt

    found = [number for number in numbers if number > 0] or [1.0]
    low, high = min(found) / 1.5, max(found) * 1.5
    ticks = [10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]
    if len(ticks) < 2:
        low, high = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))
        ticks = [low, high]
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return {"scale": scale, "axis": alt.Axis(values=ticks, format=written, labelOverlap=False)}


def _table(name: str, title: str, axes: LogAxes, points: Sequence[Sized], unit: Unit) -> Table:
    sizes = next((one.size.unit for one in points), ONE)
    size = Column(axes.size, sizes if sizes.symbol else None)
    columns = Column(axes.label), size, Column(axes.series), Column(axes.measure, unit, "interval")
    rows = tuple(
        (Lit(one.point.label, "setting"), one.size, Lit(one.point.series, "identifier"), one.point.value)
        for one in points
    )
    return Table(name, title, columns, rows)
