"""A chart of two numbers for each point: a scatter, a slope between settings, or a course over a count.

One list of points makes the spec, two drawings (wide and narrow) and the table. Each point leads to what stands behind
it. Small dots are the blocks of runs behind an estimate; a hollow point fails the accuracy gate.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Any

from harness.units import Unit

from ..text.escaping import escape_html, one_line
from ..values.value import Value
from .blocks import Column, Figure, Lit, Table
from .charts import DATA, Point, comparable, datum, safe
from .directions import Better, Side, arrow
from .label_places import LINE, Box, places
from .vega import INK, static_svg

WIDE, NARROW = (600, 320), (236, 380)
"""Width and height of the plot, in pixels."""
FAILS = "fails the accuracy gate"
_LINK = re.compile(r'<a href="#n-([^"]*)"')
_STEPS = (1.0, 2.0, 5.0, 10.0)
_FINE = (1.0, 2.0, 3.0, 5.0, 7.0)
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its words, whether it is logarithmic, and which end is better where its values do not say so."""

    title: str
    log: bool = False
    better: Better = ""
    ticks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A point: its label and value, and the value on the horizontal axis.

    ``ink`` is the number of a colour; ``hollow`` says that the point fails the accuracy gate. A point that is not
    ``named`` has no label in the drawing.
    """

    point: Point
    across: Value
    ink: int = 1
    hollow: bool = False
    named: bool = True

    @property
    def leads(self) -> Value:
        """The value that the point leads to: where its height is a constant, the one across."""
        return self.across if self.point.value.operation == "constant" else self.point.value

    def dots(self) -> Iterator[tuple[float, float]]:
        """The blocks behind both values; none where one of them rests on no runs."""
        up, side = self.point.value.sample, self.across.sample
        if up is None:
            return
        for block, number in up.of_blocks().items():
            across = side.of_blocks().get(block) if side else self.across.number
            if across is not None:
                yield across, number


def plane(
    name: str, title: str, label: str, across: Axis, up: Axis, points: Sequence[Placed], *, joined: bool = False
) -> Figure:
    """The figure. Points of a series are ``joined`` by a line. Those without both numbers are in the table alone.

    Raises ``UsageError`` where points differ in unit or measure different things.
    """
    units = (
        comparable(name, [Point("", one.across) for one in points]),
        comparable(name, [one.point for one in points]),
    )
    title = one_line(title)
    points = [Placed(safe(one.point), one.across, one.ink, one.hollow, one.named) for one in points]
    shown = [one for one in points if one.point.value.number is not None and one.across.number is not None]
    specs = [_spec(title, (across, up), units, shown, size, joined=joined) for size in (WIDE, NARROW)]
    wide, narrow = (
        _with_names(static_svg(spec, f"svg-{name}{suffix}"), shown)
        for spec, suffix in zip(specs, ("", "-narrow"), strict=True)
    )
    description = f"{title}. {up.title} by {across.title}, a point for each {label}. The table below holds all numbers."
    table = _table(name, title, label, (across, up), units, points)
    return Figure(name, title, description, specs[0], wide, table, narrow)


def _with_names(svg: str, points: Sequence[Placed]) -> str:
    """The drawing whose links say which point they are of."""
    names = {one.leads.row: f"{one.point.label}, {one.point.value.text}" for one in points}
    return _LINK.sub(lambda link: f'{link[0]} aria-label="{escape_html(names.get(link[1], ""))}"', svg)


def _spec(
    title: str,
    axes: tuple[Axis, Axis],
    units: tuple[Unit, Unit],
    points: Sequence[Placed],
    size: tuple[int, int],
    *,
    joined: bool,
) -> dict[str, Any]:
    rows = [_row(one, order) for order, one in enumerate(points)]
    dots = [
        {"of": one.point.value.id, "size": x, "number": y, "ink": f"{one.ink}"} for one in points for x, y in one.dots()
    ]
    ends = _ends(rows, dots, "size", ("left", "right")), _ends(rows, dots, "number", ("low", "high"))
    scales = tuple(_Scale.around(axis, found) for axis, found in zip(axes, ends, strict=True))
    leads = (
        arrow("x", [one.across for one in points], axes[0].better),
        arrow("y", [one.point.value for one in points], axes[1].better),
    )
    x = _encoding("size", axes[0], units[0], scales[0], "x", leads[0])
    y = _encoding("number", axes[1], units[1], scales[1], "y", leads[1])
    ink = {"field": "ink", "type": "nominal", "legend": None, "scale": {"domain": list("123456")}}
    labels = list(_labels(points, scales, size, joined=joined))
    layers: list[dict[str, Any]] = []
    if scales[1].low < 0 < scales[1].high:
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 1.2, "color": INK["--b-chart-ink"]},
                "encoding": {"y": {**y, "field": "zero"}},
                "data": {"values": [{"zero": 0}]},
            }
        )
    if joined:
        layers.append(
            {
                "mark": {"type": "line", "strokeWidth": 1.6},
                "encoding": {"x": x, "y": y, "color": ink, "detail": {"field": "series"}},
            }
        )
    small = {"type": "point", "filled": True, "size": 14, "opacity": 0.75}
    bar = {"type": "rule", "strokeWidth": 2}
    point = {"type": "point", "filled": True, "size": 90, "opacity": 1, "strokeWidth": 2}
    layers += [
        {"data": {"name": "dots"}, "mark": small, "encoding": {"x": x, "y": y, "color": ink}},
        {"mark": bar, "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": ink}},
        {"mark": bar, "encoding": {"x": {**x, "field": "left"}, "x2": {"field": "right"}, "y": y, "color": ink}},
        {
            "mark": point,
            "encoding": {
                "x": x,
                "y": y,
                "stroke": ink,
                "fill": {**ink, "condition": {"test": "datum.hollow", "value": "transparent"}},
                "href": {"field": "href"},
            },
        },
        *(_text(x, y, field, weight) for field, weight in (("label", 600), ("text", 400))),
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"name": DATA},
        "datasets": {DATA: rows, "dots": dots, "labels": labels},
        "description": title,
        "width": size[0],
        "height": size[1],
        "layer": layers,
    }


def _row(one: Placed, order: int) -> dict[str, Any]:
    across = one.across
    ends = (across.interval.low, across.interval.high) if across.interval else (across.number, across.number)
    return {
        **datum(one.point, order),
        "size": across.number,
        "at": across.id,
        "left": ends[0],
        "right": ends[1],
        "hollow": one.hollow,
        "ink": f"{one.ink}",
        "href": f"#n-{one.leads.row}",
    }


def _ends(
    rows: Sequence[Mapping[str, Any]], dots: Sequence[Mapping[str, Any]], name: str, bounds: tuple[str, str]
) -> list[float]:
    found = [row[key] for row in rows for key in (name, *bounds)]
    return [float(number) for number in (*found, *(dot[name] for dot in dots))]


@dataclass(frozen=True, slots=True)
class _Scale:
    """The ends of an axis and its ticks."""

    low: float
    high: float
    log: bool
    ticks: tuple[float, ...]

    @classmethod
    def around(cls, axis: Axis, numbers: Sequence[float]) -> _Scale:
        low, high = (min(numbers), max(numbers)) if numbers else (1.0, 2.0)
        if axis.log:
            low, high = low / 1.25, high * 1.25
            return cls(low, high, axis.log, axis.ticks or _log_ticks(low, high))
        if axis.ticks:
            room = (high - low) * 0.25 or 1.0
            return cls(low - room, high + room * 2.2, axis.log, axis.ticks)
        low, high = min(low, 0.0), max(high, 0.0)
        room = (high - low or 1.0) * 0.08
        ticks = _even_ticks(low, high)
        return cls(low - room if low < 0 else 0.0, high + room, axis.log, ticks)

    def pixel(self, number: float, length: int) -> float:
        low, high, at = (
            (math.log(one) for one in (self.low, self.high, number)) if self.log else (self.low, self.high, number)
        )
        return (at - low) / (high - low) * length

    def number(self, pixel: float, length: int) -> float:
        share = pixel / length
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share


def _log_ticks(low: float, high: float) -> tuple[float, ...]:
    powers = [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]
    for steps in (_FINE, _STEPS[:3], _STEPS[:1]):
        found = tuple(
            float(f"{step * power:.12g}") for power in powers for step in steps if low <= step * power <= high
        )
        if len(found) <= 6:
            return found
    return found


def _even_ticks(low: float, high: float) -> tuple[float, ...]:
    span = (high - low) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * one for one in _STEPS if span / (power * one) <= 6)
    return tuple(float(f"{k * step:.12g}") for k in range(math.ceil(low / step), math.floor(high / step) + 1))


def _encoding(field: str, axis: Axis, unit: Unit, scale: _Scale, side: Side, leads: str) -> dict[str, Any]:
    words = f"{axis.title} ({unit.symbol})" if unit.symbol else axis.title
    place = (
        {"titleAnchor": "start"}
        if side == "x"
        else {
            "titleAnchor": "end",
            "titleAlign": "left",
            "titleAngle": 0,
            "titleBaseline": "bottom",
            "titleX": 0,
            "titleY": -10,
        }
    )
    return {
        "field": field,
        "type": "quantitative",
        "scale": {
            "type": "log" if axis.log else "linear",
            "domain": [scale.low, scale.high],
            "nice": False,
            "zero": False,
        },
        "axis": {
            "values": list(scale.ticks),
            "format": ",~f",
            "title": f"{words}{leads}",
            "labelOverlap": False,
            **place,
        },
    }


def _labels(
    points: Sequence[Placed], scales: Sequence[_Scale], size: tuple[int, int], *, joined: bool
) -> Iterator[dict[str, Any]]:
    """Every label at its place, in the numbers of the axes."""
    named = [one for one in points if one.named]
    at = [_pixels(one, scales, size) for one in named]
    others = [_pixels(one, scales, size) for one in points if not one.named]
    others += [_at(dot, scales, size) for one in points for dot in one.dots()]
    for ends in _strokes(points, joined=joined):
        others += _along(*(_at(end, scales, size) for end in ends))
    labels = [wrap(one.point.label, size[0] // 10, break_long_words=False, break_on_hyphens=False) for one in named]
    texts = [(*lines, one.point.value.text) for one, lines in zip(named, labels, strict=True)]
    boxes = places(at, texts, Box(0, 0, size[0] + 4, size[1]), others)
    for one, box, lines in zip(named, boxes, labels, strict=True):
        for row, key, words in (
            (0, "label", lines if len(lines) > 1 else one.point.label),
            (len(lines), "text", one.point.value.text),
        ):
            yield {
                "of": one.point.value.id,
                "is": key,
                key: words,
                "x": scales[0].number(box.left, size[0]),
                "y": scales[1].number(size[1] - box.top - (row + 0.5) * LINE, size[1]),
            }


def _strokes(points: Sequence[Placed], *, joined: bool) -> Iterator[tuple[Pair, Pair]]:
    """The ends of what is drawn beside points, in the numbers of the axes: intervals, and lines between points."""
    series: dict[str, list[Pair]] = {}
    for one in points:
        x, y = float(one.across.number or 0), float(one.point.value.number or 0)
        series.setdefault(one.point.series, []).append((x, y))
        if one.across.interval:
            yield (one.across.interval.low, y), (one.across.interval.high, y)
        if one.point.value.interval:
            yield (x, one.point.value.interval.low), (x, one.point.value.interval.high)
    if joined:
        for line in map(sorted, series.values()):
            yield from pairwise(line)


def _along(start: Pair, end: Pair) -> Iterator[Pair]:
    """Places along a line, in pixels, near enough to each other that no label lies between them."""
    steps = math.ceil(math.dist(start, end) / LINE) or 1
    for step in range(steps + 1):
        yield tuple(a + (b - a) * step / steps for a, b in zip(start, end, strict=True))  # type: ignore[misc]


def _pixels(one: Placed, scales: Sequence[_Scale], size: tuple[int, int]) -> tuple[float, float]:
    return _at((float(one.across.number or 0), float(one.point.value.number or 0)), scales, size)


def _at(place: tuple[float, float], scales: Sequence[_Scale], size: tuple[int, int]) -> tuple[float, float]:
    x, y = place
    return scales[0].pixel(x, size[0]), size[1] - scales[1].pixel(y, size[1])


def _text(x: Mapping[str, Any], y: Mapping[str, Any], field: str, weight: int) -> dict[str, Any]:
    return {
        "data": {"name": "labels"},
        "transform": [{"filter": f"datum.is == '{field}'"}],
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "fontSize": 12,
            "fontWeight": weight,
            "lineHeight": LINE,
        },
        "encoding": {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}, "text": {"field": field}},
    }


def _table(
    name: str, title: str, label: str, axes: tuple[Axis, Axis], units: tuple[Unit, Unit], points: Sequence[Placed]
) -> Table:
    columns = Column(label), *(Column(axis.title, unit, "interval") for axis, unit in zip(axes, units, strict=True))
    series = any(one.point.series for one in points)
    lines = tuple(
        (
            Lit(one.point.label, "setting"),
            *((Lit(one.point.series, "setting"),) if series else ()),
            one.across,
            one.point.value,
        )
        for one in points
    )
    heads = (columns[0], *((Column("series"),) if series else ()), *columns[1:])
    return Table(f"{name}-data", title, heads, lines)
