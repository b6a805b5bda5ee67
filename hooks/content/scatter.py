"""A metric against a size, both on logarithmic axes: one list of points makes the spec, the drawing and the table."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.units import ONE, RATIO, Unit

from ..text.escaping import one_line
from ..values.value import Value
from .blocks import Column, Figure, Lit, Table
from .charts import DATA, Point, comparable, datum, legend, safe
from .directions import arrow
from .dots import DOTS, dots
from .dots import MARK as DOT
from .label_places import CHARACTER, LINE
from .log_scale import log_scale
from .series_inks import inks
from .vega import WIDTH, static_svg
from .widths import LINE as TITLE_LINE
from .widths import Layout, wide

HEIGHT = 320
ABOVE = {
    "titleAnchor": "end",
    "titleAlign": "left",
    "titleAngle": 0,
    "titleBaseline": "bottom",
    "titleX": 0,
}
"""A title over the upper end of its axis: it reads across, and its arrow points up or down."""
SMALL = Layout(plot=216, characters=36, title=32, above=True)


@dataclass(frozen=True, slots=True)
class Sized:
    """A point of a series, named by its label, at a ``size``."""

    point: Point
    size: Value


@dataclass(frozen=True, slots=True)
class LogAxes:
    """The words of a chart: what the labels are, what the sizes are, what is measured, what the series are, and what
    the groups are, where there are any."""

    label: str
    size: str
    measure: str
    series: str
    group: str = ""


def logarithmic(
    name: str,
    title: str,
    axes: LogAxes,
    points: Sequence[Sized],
    *,
    joined: bool = True,
    hollow: str = "",
    mixed: bool = False,
    plain: Collection[str] = (),
) -> Figure:
    """Points with their intervals and the blocks behind them over their sizes, those of a series ``joined`` by a line,
    or each beside its label. Those of the group ``hollow`` are drawn so, ``plain`` series in grey. All are positive.

    Raises ``UsageError`` where points differ in unit or measure different things; series that are several metrics are
    ``mixed``.
    """
    unit = comparable(name, [one.point for one in points], mixed=mixed)
    title, points = one_line(title), [Sized(safe(one.point), one.size) for one in points]
    shown = [one for one in points if one.point.value.number is not None and one.size.number is not None]
    layouts = (wide(WIDTH - 100), SMALL)
    spec, narrow = (
        _spec(title, axes, shown, unit, layout, joined=joined, hollow=hollow, plain=plain) for layout in layouts
    )
    description = (
        f"{title}. {axes.measure} by {axes.size}, both on logarithmic axes. The table below holds all numbers."
    )
    table = _table(f"{name}-data", title, axes, points, unit)
    drawings = static_svg(spec, f"svg-{name}"), static_svg(narrow, f"svg-{name}-narrow")
    return Figure(name, title, description, spec, drawings[0], table, drawings[1])


def _spec(
    title: str,
    axes: LogAxes,
    points: Sequence[Sized],
    unit: Unit,
    layout: Layout,
    *,
    joined: bool,
    hollow: str,
    plain: Collection[str],
) -> dict[str, Any]:
    import altair as alt

    rows = [{**datum(one.point, order), "size": one.size.number, "at": one.size.id} for order, one in enumerate(points)]
    measure = f"{axes.measure} ({unit.symbol})" if unit.symbol else axes.measure
    small = [{**dot, "size": points[dot["order"]].size.number} for dot in dots([one.point for one in points])]
    ends = [row[end] for row in rows for end in ("low", "high")] + [one["number"] for one in small]
    sizes = _unit_of_sizes(points)
    across = f"{axes.size} ({sizes.symbol})" if sizes else axes.size
    across += arrow("x", [one.size for one in points])
    measure += arrow("y", [one.point.value for one in points])
    x_scale = log_scale([row["size"] for row in rows], "~s")
    x = alt.X("size:Q", title=layout.words(across), **x_scale)
    heading = layout.words(measure)
    lines = len(heading) if isinstance(heading, list) else 1
    written = "~s" if max(ends, default=0.0) > 1e4 else "~g"
    y_scale = log_scale(ends, written, **ABOVE, titleY=-10 - TITLE_LINE * (lines - 1))
    y: dict[str, Any] = {"title": heading, **y_scale}
    series = list(dict.fromkeys(one.point.series for one in points))
    named: dict[str, Any] = {
        "scale": alt.Scale(domain=series, **inks(series, plain)),
        "title": axes.series,
        "legend": legend(series, layout, limit=0, offset=TITLE_LINE * lines + 16),
    }
    colour = alt.Color("series:N", **named)
    shape = alt.Shape("series:N", **{**named, "scale": alt.Scale(domain=series)})
    fields = [("label", axes.label), ("series", axes.series), ("group", axes.group), ("text", axes.measure)]
    fields += [("interval", "interval"), ("runs", "runs")]
    tips = [alt.Tooltip(f"{field}:N", title=heading) for field, heading in fields if heading]
    height = alt.Y("number:Q", **y)
    blocks = alt.Chart(alt.NamedData(DOTS)).mark_point(**DOT).encode(x=x, y=height, color=colour)
    layers = [
        *([blocks] if small else []),
        alt.Chart().mark_rule().encode(x=x, y=alt.Y("low:Q", **y), y2="high:Q", color=colour, tooltip=tips),
        *(chart.encode(x=x, y=height, color=colour, shape=shape, tooltip=tips) for chart in _symbols(hollow)),
    ]
    if joined:
        layers.insert(0, alt.Chart().mark_line(strokeWidth=1.2).encode(x=x, y=height, color=colour))
    else:
        sizes_at, heights_at = (scale.to_dict()["domain"] for scale in (x_scale["scale"], y["scale"]))
        for row, beside in zip(rows, _apart(rows, sizes_at, heights_at, layout.plot), strict=True):
            row["beside"] = beside
        layers.append(alt.Chart().mark_text(align="left", dx=8).encode(x=x, y=alt.Y("beside:Q", **y), text="label:N"))
    chart = alt.LayerChart(data=alt.NamedData(DATA), layer=layers, height=HEIGHT, width=layout.plot)
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("config", None)
    return {**spec, "datasets": {DATA: rows, **({DOTS: small} if small else {})}, "description": title}


def _apart(
    rows: Sequence[Mapping[str, Any]], across: Sequence[float], up: Sequence[float], width: float
) -> list[float]:
    """Where the labels of points stand, in the numbers of the axis: beside their points, or below another label that
    would lie on them."""

    def share(number: float, ends: Sequence[float]) -> float:
        return math.log(number / ends[0]) / math.log(ends[1] / ends[0])

    at = [(share(row["size"], across) * width, (1 - share(row["number"], up)) * HEIGHT) for row in rows]
    placed: dict[int, float] = {}
    for one in sorted(range(len(rows)), key=lambda place: at[place][1]):
        (left, down), words = at[one], len(str(rows[one]["label"]))
        for other, taken in sorted(placed.items(), key=lambda item: item[1]):
            beside = at[other][0] - words * CHARACTER < left < at[other][0] + len(str(rows[other]["label"])) * CHARACTER
            down = taken + LINE if beside and abs(taken - down) < LINE else down
        placed[one] = down
    return [up[0] * (up[1] / up[0]) ** (1 - placed[one] / HEIGHT) for one in range(len(rows))]


def _symbols(hollow: str) -> list[Any]:
    """The layers of points: all filled, or those of one group hollow."""
    import altair as alt

    if not hollow:
        return [alt.Chart().mark_point(opacity=1)]
    of_group = alt.FieldEqualPredicate(field="group", equal=hollow)
    return [
        alt.Chart().mark_point(opacity=1).transform_filter({"not": of_group}),
        alt.Chart().mark_point(opacity=1, filled=False, strokeWidth=1.8).transform_filter(of_group),
    ]


def _unit_of_sizes(points: Sequence[Sized]) -> Unit | None:
    """The unit that heads the sizes; none where they are plain numbers or ratios."""
    units = (one.size.unit for one in points)
    return next((unit for unit in units if unit not in (ONE, RATIO)), None)


def _table(name: str, title: str, axes: LogAxes, points: Sequence[Sized], unit: Unit) -> Table:
    size = Column(axes.size, _unit_of_sizes(points))
    grouped = (Column(axes.group),) if axes.group else ()
    columns = Column(axes.label), size, Column(axes.series), *grouped
    rows = tuple(
        (
            Lit(one.point.label, "setting"),
            one.size,
            Lit(one.point.series, "identifier"),
            *([one.point.group] if grouped else ()),
            one.point.value,
        )
        for one in points
    )
    return Table(name, title, (*columns, Column(axes.measure, unit, "interval")), rows)
