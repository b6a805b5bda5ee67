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
from .encodings import layer, nominal, quantitative, spec_of, tooltips
from .vega import WIDTH, static_svg

LABEL_WIDTH, SHORT = 240, 30

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
    """Estimates with their intervals, one row per label. ``rule`` draws a reference line; ``width`` is that of the
    plot, in pixels.

    Raises ``UsageError`` where points differ in unit or measure different things: those are never compared. Where the
    labels or the series are ``mixed``, being several metrics, only units must be alike.
    """
    unit = comparable(name, points, mixed=mixed)
    title, axes, points = one_line(title), safe(axes), [safe(point) for point in points]
    shown = [point for point in points if point.value.number is not None]
    spec = _spec(title, axes, shown, unit, zero=zero, rule=rule, width=width)
    description = _description(title, axes, shown)
    return Figure(
        name, title, description, spec, static_svg(spec, f"svg-{name}"), _table(name, title, axes, points, unit)
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
    title: str, axes: Axes, points: Sequence[Point], unit: Unit, *, zero: bool, rule: float | None, width: int
) -> dict[str, Any]:
    labels = list(dict.fromkeys(point.label for point in points))
    series = list(dict.fromkeys(point.series for point in points if point.series))
    measure = f"{axes.measure} ({unit.symbol})" if unit.symbol else axes.measure
    x = {
        "title": measure,
        "scale": {"zero": zero, "nice": True},
        "axis": {"tickCount": 6 if width > 300 else 3},
    }
    both: dict[str, Any] = {
        "y": nominal("label", sort=labels, title=axes.label, axis=_axis(labels)),
        "tooltip": tooltips((*_words(axes), ("interval", "interval"), ("runs", "runs"))),
    }
    shape: dict[str, Any] = {}
    if series:
        shown = nominal("series", scale={"domain": series}, title=axes.series, legend={"labelLimit": _limit(series)})
        both["color"], shape["shape"] = shown, shown
        if _crowded(points):
            both["yOffset"] = nominal("series", scale={"domain": series})
    layers = [
        *([layer("rule", {"x": {"datum": rule}}, strokeDash=[4, 4])] if rule is not None else ()),
        layer("rule", {**both, "x": quantitative("low", **x), "x2": {"field": "high"}}),
        layer("point", {**both, **shape, "x": quantitative("number", **x)}, opacity=1),
    ]
    rows = [datum(point, order) for order, point in enumerate(points)]
    drawn: dict[str, Any] = {"layer": layers, "height": {"step": 22 if _crowded(points) else 26}, "width": width}
    if not axes.group:
        return spec_of(title, rows, **drawn)
    groups = list(dict.fromkeys(point.group for point in points))
    drawn["width"] = WIDTH // len(groups) - 60 if len(groups) < 4 else 150
    return spec_of(title, rows, facet={"column": nominal("group", sort=groups, title=axes.group)}, spec=drawn)


def _crowded(points: Sequence[Point]) -> bool:
    """Whether several series share a label, and so must stand beside each other."""
    return len({(point.group, point.label) for point in points}) < len(points)


def _axis(labels: Sequence[str]) -> dict[str, int]:
    """The axis of the labels: where some are long, its title leaves them more room than Vega does by itself."""
    limit = _limit(labels)
    return {"labelLimit": limit, "maxExtent": limit} if limit else {"labelLimit": 0}


def _limit(words: Sequence[str]) -> int:
    """The width (pixels) beyond which a label is cut; none (0) where all are short, for measuring one takes long."""
    return LABEL_WIDTH if max(map(len, words), default=0) > SHORT else 0


def _words(axes: Axes) -> tuple[tuple[str, str], ...]:
    """The fields of a point that axes have words for."""
    return ("label", axes.label), ("series", axes.series), ("group", axes.group), ("text", axes.measure)


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
