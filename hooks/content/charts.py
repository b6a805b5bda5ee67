"""Figures: one list of points makes the spec, the static SVG and the data table, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from harness.errors import UsageError
from harness.units import Unit

from ..text.escaping import one_line
from ..values.value import Value
from .blocks import Cell, Column, Figure, Lit, Table
from .directions import arrow
from .dots import BELOW, DOTS, dots
from .dots import MARK as DOT
from .log_scale import log_scale, spreads
from .series_inks import inks
from .vega import WIDTH, static_svg
from .widths import LINE, NARROW, Layout, wide

LABEL_WIDTH, SHORT = 250, 30
SMALL = 200
"""A plot that is no wider (pixels) has no room beside it for what its labels are; the table says it."""
STEP, MARK = 22, 22
"""The height of a row of a series, where several share a label, and that of a row alone, in pixels."""
DATA = "shown"
"""The name of a chart's rows in its spec: Altair would copy them with every step of building it."""

REFERENCE = "reference"
"""The one row of a reference line: over the rows of the chart it would be drawn once for each of them."""

T = TypeVar("T", "Point", "Axes")


@dataclass(frozen=True, slots=True)
class Point:
    """One estimate on a chart. ``group`` becomes a panel, ``series`` a colour and a shape."""

    label: str
    value: Value
    series: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Axes:
    """The words of a chart: what the labels are, what the series are, what the panels are."""

    label: str
    measure: str
    series: str = ""
    group: str = ""


def intervals(
    name: str,
    title: str,
    axes: Axes,
    points: Sequence[Point],
    *,
    zero: bool = True,
    rule: float | None = None,
    mixed: bool = False,
    width: int = WIDTH - 180,
) -> Figure:
    """Estimates with their intervals and, in a single panel, the blocks behind them, one row per label.

    ``rule`` draws a reference line, beside which ratios that spread widely stand on a logarithmic axis; ``width`` is
    that of the plot, in pixels. Where it is wider than a phone, there is another drawing for that.

    Raises ``UsageError`` where points differ in unit or measure different things: those are never compared. Where the
    labels or the series are ``mixed``, being several metrics, only units must be alike.
    """
    unit = comparable(name, points, mixed=mixed)
    title, axes, points = one_line(title), safe(axes), [safe(point) for point in points]
    shown = [point for point in points if point.value.number is not None]
    layouts = (wide(width), NARROW)
    spec, narrow = (_spec(title, axes, shown, unit, one, zero=zero, rule=rule) for one in layouts)
    return Figure(
        name,
        title,
        _description(title, axes, shown),
        spec,
        static_svg(spec, f"svg-{name}"),
        _table(name, title, axes, points, unit),
        static_svg(narrow, f"svg-{name}-narrow") if width > NARROW.plot else "",
    )


def safe(item: T) -> T:
    """A point or axes whose words no chart grammar can take for anything else."""
    words: dict[str, Any] = {
        field.name: one_line(word) for field in fields(item) if isinstance(word := getattr(item, field.name), str)
    }
    return replace(item, **words)


def comparable(name: str, points: Sequence[Point], *, mixed: bool = False) -> Unit:
    units = {point.value.unit for point in points}
    subjects = {point.value.question.subject for point in points if point.value.question}
    if len(units) != 1 or (len(subjects) > 1 and not mixed):
        raise UsageError(f"figure {name!r} mixes units or metrics; draw one figure for each")
    return units.pop()


def datum(point: Point, order: int) -> dict[str, Any]:
    value = point.value
    bounds = value.interval
    return {
        "label": point.label,
        "series": point.series,
        "group": point.group,
        "order": order,
        "number": value.number,
        "low": bounds.low if bounds else value.number,
        "high": bounds.high if bounds else value.number,
        "text": value.text,
        "interval": f"{value.low}–{value.high}" if bounds else "none",
        "runs": str(value.n or 0),
        "value": value.id,
    }


def _spec(
    title: str, axes: Axes, points: Sequence[Point], unit: Unit, layout: Layout, *, zero: bool, rule: float | None
) -> dict[str, Any]:
    import altair as alt

    rows = [datum(point, order) for order, point in enumerate(points)]
    labels = list(dict.fromkeys(point.label for point in points))
    series = list(dict.fromkeys(point.series for point in points if point.series))
    measure = f"{axes.measure} ({unit.symbol})" if unit.symbol else axes.measure
    leads = arrow("x", [point.value for point in points])
    marks = STEP * len(series) if _crowded(points) else MARK
    y = row_labels(axes.label, labels, layout, marks)
    ticks = 6 if layout.plot > 300 else 3 if layout.plot > 200 else 2
    x: dict[str, Any] = {
        "title": _heading(points, layout).words(f"{measure}{leads}"),
        "scale": alt.Scale(zero=zero, nice=True if ticks > 3 else ticks),
        "axis": alt.Axis(tickCount=ticks, labelSeparation=8),
    }
    small = [] if axes.group else dots(points)
    ends = [row[end] for row in rows for end in ("number", "low", "high")]
    if rule is not None and spreads(ends):
        x |= log_scale([*ends, rule, *(one["number"] for one in small)], "~g")
    tips = _tooltips(axes)
    bars = alt.Chart().mark_rule().encode(x=alt.X("low:Q", **x), x2="high:Q", y=y, tooltip=tips)
    symbols = alt.Chart().mark_point(opacity=1).encode(x=alt.X("number:Q", **x), y=y, tooltip=tips)
    blocks = (
        alt.Chart(alt.NamedData(DOTS))
        .mark_point(**DOT, yOffset=0 if _crowded(points) else BELOW)
        .encode(x=alt.X("number:Q", **x), y=y)
    )
    if series:
        shown: dict[str, Any] = {
            "scale": alt.Scale(domain=series, **inks(series)),
            "title": layout.words(axes.series),
            "legend": legend(series, layout, limit=_limit(series)),
        }
        shaped = {**shown, "scale": alt.Scale(domain=series)}
        apart: dict[str, Any] = {}
        if _crowded(points):
            apart["yOffset"] = alt.YOffset("series:N", scale=alt.Scale(domain=series))
        bars = bars.encode(color=alt.Color("series:N", **shown), **apart)
        blocks = blocks.encode(color=alt.Color("series:N", **shown), **apart)
        symbols = symbols.encode(color=alt.Color("series:N", **shown), shape=alt.Shape("series:N", **shaped), **apart)
    layers = [blocks, bars, symbols] if small else [bars, symbols]
    if rule is not None:
        line = alt.Chart(alt.NamedData(REFERENCE)).mark_rule(strokeDash=[4, 4])
        layers.insert(0, line.encode(x=alt.datum(rule)))
    chart = _panels(axes, points, layers, layout, _height(labels, layout, marks, crowded=_crowded(points)))
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("config", None)
    others: dict[str, list[dict[str, Any]]] = {REFERENCE: [{}]} if rule is not None else {}
    return {**spec, "datasets": {DATA: rows, **others, **({DOTS: small} if small else {})}, "description": title}


def _panels(axes: Axes, points: Sequence[Point], layers: list[Any], layout: Layout, height: Any) -> Any:
    """The chart: one panel, or one for each group, beside each other or on top of each other."""
    import altair as alt

    data, width = alt.NamedData(DATA), _panel(points, layout)
    if not axes.group:
        return alt.LayerChart(data=data, layer=layers, height=height, width=width)
    groups = list(dict.fromkeys(point.group for point in points))
    across: dict[str, Any]
    if layout.above:
        header = alt.Header(labelAnchor="start", labelAngle=0, labelOrient="top", labelPadding=2, title=None)
        across = {"row": alt.Row("group:N", sort=groups, header=header)}
    else:
        across = {"column": alt.Column("group:N", sort=groups, title=axes.group)}
    return alt.FacetChart(data=data, spec=alt.LayerChart(layer=layers, height=height, width=width), facet=across)


def _panel(points: Sequence[Point], layout: Layout) -> int:
    """The width of the plot of one panel, in pixels: below it stands the title of its axis."""
    groups = len({point.group for point in points if point.group})
    if not groups or layout.above:
        return layout.plot
    return WIDTH // groups - 60 if groups < 4 else 150


def _heading(points: Sequence[Point], layout: Layout) -> Layout:
    """The layout whose titles are no longer than a panel."""
    panel = _panel(points, layout)
    return layout if panel == layout.plot else replace(layout, title=panel // 7)


def row_labels(title: str, labels: Sequence[str], layout: Layout, marks: int) -> Any:
    """The labels of rows, whose marks are so many pixels high."""
    import altair as alt

    if not layout.above:
        heading = title if layout.plot > SMALL else None
        return alt.Y("label:N", sort=list(labels), title=heading, axis=_axis(labels, layout))
    _, between = layout.rows(labels, marks)
    axis = alt.Axis(**layout.axis(labels, marks), labelLimit=_limit(labels))
    scale = alt.Scale(type="band", paddingInner=between, paddingOuter=between / 2, align=1)
    return alt.Y("label:N", sort=list(labels), title=None, axis=axis, scale=scale)


def _height(labels: Sequence[str], layout: Layout, marks: int, *, crowded: bool) -> Any:
    import altair as alt

    if layout.above:
        return layout.rows(labels, marks)[0] * len(labels)
    return alt.Step(max(STEP if crowded else MARK + 4, LINE * layout.most_lines(labels) + 4 if not crowded else 0))


def legend(series: Sequence[str], layout: Layout, *, limit: int, offset: int = 18) -> Any:
    """The names of the series, one below the other where there is no room beside; cut at ``limit`` pixels, or never
    (0). They end ``offset`` pixels above the plot."""
    import altair as alt

    long = sum(map(len, series)) > layout.plot // 6
    below: dict[str, Any] = {"direction": "vertical", "columns": 1} if layout.above or long else {}
    return alt.Legend(labelLimit=limit, offset=offset, symbolOpacity=1, **layout.broken(series), **below)


def _crowded(points: Sequence[Point]) -> bool:
    """Whether several series share a label, and so must stand beside each other."""
    return len({(point.group, point.label) for point in points}) < len(points)


def _axis(labels: Sequence[str], layout: Layout) -> Any:
    """The axis of the labels: where some are long, its title leaves them more room than Vega does by itself."""
    import altair as alt

    limit, broken = _limit(labels), layout.broken(labels)
    return alt.Axis(labelLimit=limit, maxExtent=limit, **broken) if limit else alt.Axis(labelLimit=0, **broken)


def _limit(words: Sequence[str]) -> int:
    """The width (pixels) beyond which a label is cut; none (0) where all are short, for measuring one takes long."""
    return LABEL_WIDTH if max(map(len, words), default=0) > SHORT else 0


def _tooltips(axes: Axes) -> list[Any]:
    import altair as alt

    fields = [("label", axes.label), ("series", axes.series), ("group", axes.group), ("text", axes.measure)]
    fields += [("interval", "interval"), ("runs", "runs")]
    return [alt.Tooltip(f"{field}:N", title=heading) for field, heading in fields if heading]


def _description(title: str, axes: Axes, points: Sequence[Point]) -> str:
    """Alternative text: what is drawn and where its extremes are; the numbers themselves are in the table."""
    if not points:
        return f"{title}. No point has a value."
    ordered = sorted(points, key=lambda point: point.value.number or 0.0)
    least, most = (_named(point) for point in (ordered[0], ordered[-1]))
    extremes = f" Smallest: {least}; largest: {most}." if len(points) > 1 else ""
    return f"{title}. {axes.measure} by {axes.label}.{extremes} The table below holds all numbers."


def _named(point: Point) -> str:
    return ", ".join(filter(None, (point.group, point.series, point.label)))


def _table(name: str, title: str, axes: Axes, points: Sequence[Point], unit: Unit) -> Table:
    keys = [(axes.group, "group"), (axes.label, "label"), (axes.series, "series")]
    used = [(heading, field) for heading, field in keys if heading]
    columns = [*(Column(heading) for heading, _ in used), Column(axes.measure, unit, "interval")]
    return Table(f"{name}-data", title, tuple(columns), tuple(_row(point, used) for point in points))


def _row(point: Point, used: Sequence[tuple[str, str]]) -> tuple[Cell, ...]:
    return (*(Lit(getattr(point, field), "setting") for _, field in used), point.value)
