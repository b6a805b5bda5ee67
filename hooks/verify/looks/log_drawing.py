"""A chart over sizes, read back from its pixels: both axes are logarithmic, and where its spec has lines, one joins the
points of each series."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..reader.drawing import HALF_PIXEL, Drawing, Word
from ..reader.figure import Figure
from ..reader.nearest import Place, distance, unlike
from ..reader.said import is_said, said
from . import dots, inks

BASELINE = 4.0
"""How far below its tick a label of a vertical axis is written, in pixels: three tenths of its size, rounded."""
BESIDE = (8.0, 3.0)
"""How far right of its point the label of one is written, and how far below it."""
PIXELS = 0.1
_TICK = re.compile(r"(\d+(?:\.\d+)?)([mµkMG]?)")
_PREFIXES = {"": 1.0, "m": 1e-3, "µ": 1e-6, "k": 1e3, "M": 1e6, "G": 1e9}


@dataclass(frozen=True, slots=True)
class LogScale:
    """Pixels to the decimal logarithms of data."""

    at: float
    exponent: float
    per_pixel: float

    def log(self, pixel: float) -> float:
        """The logarithm that a place stands for."""
        return self.exponent + (pixel - self.at) * self.per_pixel


FURTHEST = 60.0
"""Pixels between a point and its label, where labels of points that nearly agree stand below one another."""


def problem(figure: Figure, svg: Any, drawing: Drawing) -> str | None:
    """What the drawing shows that its spec does not say, or shows elsewhere."""
    ticks = [word for word in drawing.words if word.role == "role-axis-label"]
    try:
        across = _scale([(word.x - HALF_PIXEL, word) for word in ticks if word.axis == _last_axis(ticks, "y")])
        up = _scale([(word.y - BASELINE - HALF_PIXEL, word) for word in ticks if word.axis == _last_axis(ticks, "x")])
    except ValueError as error:
        return str(error)
    known = set(said(figure.spec))
    for word in drawing.words:
        if word not in ticks and not is_said(word.text, known):
            return f"it says “{word.text}”, its spec does not"
    return _marks(figure, svg, drawing, across, up)


def _last_axis(ticks: Sequence[Word], alike: str) -> int:
    """The axis whose labels all have the same ``x`` or ``y``. Raises ``ValueError`` where there is not just one."""
    found = [
        axis
        for axis in {word.axis for word in ticks}
        if len({getattr(word, alike) for word in ticks if word.axis == axis}) == 1
    ]
    if len(found) != 1:
        raise ValueError("it has not just one axis of sizes and one of numbers")
    return found[0]


def _scale(ticks: Sequence[tuple[float, Word]]) -> LogScale:
    exponents = [(place, math.log10(_number(word.text))) for place, word in ticks]
    (first, low), (last, high) = exponents[0], exponents[-1]
    if first == last:
        raise ValueError("one of its axes has fewer than two ticks")
    scale = LogScale(first, low, (high - low) / (last - first))
    for (place, exponent), (_, word) in zip(exponents, ticks, strict=True):
        if abs(scale.log(place) - exponent) > abs(scale.per_pixel) * PIXELS:
            raise ValueError(f"the tick {word.text!r} stands where {10 ** scale.log(place):.6g} belongs")
    return scale


def _number(text: str) -> float:
    found = _TICK.fullmatch(text)
    if found is None:
        raise ValueError(f"the tick {text!r} is no number")
    return float(found[1]) * _PREFIXES[found[2]]


def _marks(figure: Figure, svg: Any, drawing: Drawing, across: LogScale, up: LogScale) -> str | None:
    def logs(x: float, *heights: float) -> Place:
        return (across.log(x), *sorted(map(up.log, heights)))

    slack = PIXELS * max(abs(across.per_pixel), abs(up.per_pixel))
    sides = [mark for mark in drawing.marks if not mark.symbol and mark.end != mark.x]
    if sides:
        return "it draws a line across, its spec has none"
    for marks, rows in inks.by_ink(figure, svg, drawing.marks):
        points = [logs(mark.x, mark.y) for mark in marks]
        if apart := _differ("points", points, (_logs(row, "number") for row in rows), slack):
            return apart
    if apart := dots.problem(
        figure, svg, drawing.dots, lambda mark: logs(mark.x, mark.y), lambda dot: _logs(dot, "number"), (slack, slack)
    ):
        return apart
    bars = [logs(*rise) for rise in drawing.rises]
    lines = [[logs(*place) for place in line] for line in drawing.lines]
    series = len({row["series"] for row in figure.rows}) if _has_lines(figure) else 0
    if len(bars) != len(figure.rows):
        return f"it draws {len(bars)} intervals, its spec has {len(figure.rows)}"
    if len(lines) != series:
        return f"it draws {len(lines)} lines, its spec has {series} series"
    for colour, rows in inks.rows_by_colour(figure, svg).items():
        own = [bar for bar, ink in zip(bars, drawing.rise_colours, strict=True) if ink == colour or not colour]
        joined = [line for line, ink in zip(lines, drawing.line_colours, strict=True) if ink == colour or not colour]
        apart = _differ("intervals", own, (_logs(row, "low", "high") for row in rows), slack)
        if apart or (apart := _joined(rows if series else (), joined, slack)):
            return apart
    return _named(figure.rows, drawing, across, up, slack)


def _named(
    rows: Sequence[dict[str, Any]], drawing: Drawing, across: LogScale, up: LogScale, slack: float
) -> str | None:
    """Every word among the marks stands beside a point of that name, or a few lines from its height where the
    spec moves it; either all points have one or none has."""
    right, below = BESIDE
    words = [word for word in drawing.words if word.role == "role-mark"]
    if words and len(words) != len(rows):
        return f"it names {len(words)} points, its spec has {len(rows)}"
    for word in words:
        place = across.log(word.x - right), up.log(word.y - below)
        named = (row for row in rows if " ".join(str(row["label"]).split()) == word.text)
        places = (_logs(row, "beside") for row in named if _lowered(row) <= FURTHEST * abs(up.per_pixel))
        if not any(max(abs(at - of) for at, of in zip(place, other, strict=True)) <= slack for other in places):
            return f"“{word.text}” stands at {_places(place)}, beside no point of that name"
    return None


def _lowered(row: dict[str, Any]) -> float:
    """How far a label stands from the height of its point, in the logarithms of the axis."""
    return abs(math.log10(float(row["number"])) - math.log10(float(row["beside"])))


def _has_lines(figure: Figure) -> bool:
    """Whether the spec joins the points of a series."""
    marks = (layer.get("mark", {}) for layer in figure.spec.get("layer", ()))
    return any(mark.get("type") == "line" for mark in marks)


def _logs(row: Mapping[str, Any], *names: str) -> Place:
    return (math.log10(float(row["size"])), *(math.log10(float(row[name])) for name in names))


def _joined(rows: Sequence[Mapping[str, Any]], lines: list[list[Place]], slack: float) -> str | None:
    """Each line joins the points of one series, from the smallest size to the largest."""
    by_series: dict[str, list[Place]] = {}
    for row in rows:
        by_series.setdefault(row["series"], []).append(_logs(row, "number"))
    expected = [sorted(points) for points in by_series.values()]
    if sorted(map(len, lines)) != sorted(map(len, expected)):
        return f"it draws {len(lines)} lines, its spec has {len(expected)} series, or they have other lengths"
    for points in expected:
        line = min((one for one in lines if len(one) == len(points)), key=lambda one: _farthest(one, points))
        lines.remove(line)
        if problem := _differ("places of a line", line, points, slack):
            return problem
        if [place[0] for place in line] != sorted(place[0] for place in line):
            return "one of its lines goes back to a smaller size"
    return None


def _farthest(line: Sequence[Place], points: Sequence[Place]) -> float:
    return max(distance(place, numbers) for place, numbers in zip(sorted(line), points, strict=True))


def _differ(what: str, drawn: Iterable[Place], expected: Iterable[Place], slack: float) -> str | None:
    drawn, expected = list(drawn), list(expected)
    if len(drawn) != len(expected):
        return f"it draws {len(drawn)} {what}, its spec has {len(expected)}"
    if apart := unlike(drawn, expected, slack):
        return f"one of its {what} lies at {_places(apart[0])} where {_places(apart[1])} belongs"
    return None


def _places(logs: Place) -> str:
    return " and ".join(f"{10**log:.4g}" for log in logs)
