"""A chart of two numbers for each point, read back from its pixels: both axes, points, blocks, intervals and labels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..reader.drawing import HALF_PIXEL, Drawing, Mark, Word
from ..reader.figure import Figure

BASELINE = 4.0
"""How far below its tick a label of a vertical axis is written, in pixels."""
PIXELS = 0.2
FAR = 220.0
"""How far a label may stand from its point, in pixels."""
Place = tuple[float, ...]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlaneScale:
    """Pixels to numbers, or to their decimal logarithms."""

    at: float
    start: float
    per_pixel: float
    log: bool

    def pixel(self, number: float) -> float:
        """Where a number stands."""
        found = math.log10(number) if self.log else number
        return self.at + (found - self.start) / self.per_pixel


def problem(figure: Figure, drawing: Drawing) -> str | None:
    """What the drawing shows that its spec does not say, or shows elsewhere."""
    ticks = [word for word in drawing.words if word.role == "role-axis-label"]
    axes = _axes(figure.spec)
    try:
        across = _scale(_alike(ticks, "y"), lambda word: word.x - HALF_PIXEL, log=axes["x"])
        up = _scale(_alike(ticks, "x"), lambda word: word.y - BASELINE - HALF_PIXEL, log=axes["y"])
    except ValueError as error:
        return str(error)
    labels = [word for word in drawing.words if word.role == "role-mark"]
    rest = [word.text for word in drawing.words if word not in ticks and word not in labels]
    titles = set(_titles(figure.spec))
    if unknown := [text for text in rest if text not in titles]:
        return f"it says “{unknown[0]}”, its spec does not"
    return _marks(figure, drawing, across, up) or _labels(figure, labels, across, up)


def _axes(spec: Row) -> dict[str, bool]:
    """Whether each axis is logarithmic: that of the first layer which has both."""
    layer = next(one["encoding"] for one in spec["layer"] if {"x", "y"} <= one["encoding"].keys())
    return {side: layer[side]["scale"]["type"] == "log" for side in ("x", "y")}


def _titles(node: object) -> Iterable[str]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            if key == "title" and isinstance(child, str):
                yield " ".join(child.split())
            elif key != "datasets":
                yield from _titles(child)
    elif isinstance(node, list):
        for child in node:
            yield from _titles(child)


def _alike(ticks: Sequence[Word], name: str) -> list[Word]:
    """The labels of the axis that all have the same ``x`` or ``y``. Raises ``ValueError`` where it is not just one."""
    by_axis: dict[int, list[Word]] = {}
    for word in ticks:
        by_axis.setdefault(word.axis, []).append(word)
    found = [
        words for words in by_axis.values() if len({getattr(word, name) for word in words}) == 1 and len(words) > 1
    ]
    if len(found) != 1:
        raise ValueError("it has not just one axis across and one upright")
    return found[0]


def _scale(ticks: Sequence[Word], place: Callable[[Word], float], *, log: bool) -> PlaneScale:
    numbers = [float(word.text.replace("−", "-").replace(",", "")) for word in ticks]
    if log and min(numbers) <= 0:
        raise ValueError("one of its logarithmic axes reaches zero")
    found = [math.log10(number) if log else number for number in numbers]
    places = [place(word) for word in ticks]
    scale = PlaneScale(places[0], found[0], (found[-1] - found[0]) / (places[-1] - places[0]), log)
    for word, number in zip(ticks, numbers, strict=True):
        if abs(scale.pixel(number) - place(word)) > PIXELS * 2:
            raise ValueError(f"the tick {word.text!r} stands at another place than its number")
    return scale


def _marks(figure: Figure, drawing: Drawing, across: PlaneScale, up: PlaneScale) -> str | None:
    rows = figure.rows
    dots: list[Row] = figure.spec["datasets"].get("dots", [])

    def at(row: Row, x: str = "size", y: str = "number") -> Place:
        return across.pixel(float(row[x])), up.pixel(float(row[y]))

    symbols = [mark for mark in (*drawing.marks, *drawing.dots) if mark.symbol]
    sides = [
        (min(mark.x, mark.end), max(mark.x, mark.end), mark.y)
        for mark in drawing.marks
        if not mark.symbol and mark.x != mark.end
    ]
    rises = [(x, min(start, end), max(start, end)) for x, start, end in drawing.rises if start != end]
    for row in rows:
        there = [mark for mark in drawing.marks if mark.leads == row["href"] and _is_drawn_as(mark, row)]
        if not any(math.dist((mark.x, mark.y), at(row)) <= PIXELS for mark in there):
            return f"the point of {row['value']} lies elsewhere, leads elsewhere, or is drawn in another way"
    for colour in {mark.ink.colour for mark in symbols} | {_colour(row) for row in (*rows, *dots)}:
        drawn = [(mark.x, mark.y) for mark in symbols if mark.ink.colour == colour]
        if apart := _differ("points", drawn, [at(row) for row in (*rows, *dots) if _colour(row) == colour]):
            return apart
    lines = _without_zero(figure, sides, up)
    return (
        _differ("intervals", lines, (_side(row, across, up) for row in rows if row["left"] != row["right"]))
        or _differ("intervals", rises, (_rise(row, across, up) for row in rows if row["low"] != row["high"]))
        or _joined(figure, drawing, at)
    )


def _is_drawn_as(mark: Mark, row: Row) -> bool:
    """Whether a mark is filled as its row says, and has its colour."""
    return mark.hollow is row["hollow"] and mark.ink.colour == _colour(row)


def _colour(row: Row) -> str:
    return f"var(--b-chart-{row['ink']})"


def _without_zero(
    figure: Figure, sides: list[tuple[float, float, float]], up: PlaneScale
) -> list[tuple[float, float, float]]:
    """The lines across without that of zero, where the spec has one: the longest at its height."""
    at_zero = [side for side in sides if not up.log and abs(up.pixel(0.0) - side[2]) <= PIXELS]
    if not at_zero or not any(layer.get("data", {}).get("values") == [{"zero": 0}] for layer in figure.spec["layer"]):
        return sides
    longest = max(at_zero, key=lambda side: side[1] - side[0])
    return [side for side in sides if side is not longest]


def _side(row: Row, across: PlaneScale, up: PlaneScale) -> Place:
    return across.pixel(row["left"]), across.pixel(row["right"]), up.pixel(row["number"])


def _rise(row: Row, across: PlaneScale, up: PlaneScale) -> Place:
    return across.pixel(row["size"]), *sorted((up.pixel(row["low"]), up.pixel(row["high"])))


def _joined(figure: Figure, drawing: Drawing, at: Callable[[Row], Place]) -> str | None:
    """Lines join the points of each series from left to right, where the spec has lines."""
    if not any(layer["mark"]["type"] == "line" for layer in figure.spec["layer"]):
        return "it draws a line, its spec has none" if drawing.lines else None
    series: dict[str, list[Place]] = {}
    for row in figure.rows:
        series.setdefault(row["series"], []).append(at(row))
    return _differ(
        "lines",
        [tuple(number for place in line for number in place) for line in drawing.lines],
        [tuple(number for place in sorted(line) for number in place) for line in series.values()],
    )


def _labels(figure: Figure, words: Sequence[Word], across: PlaneScale, up: PlaneScale) -> str | None:
    """Every label is that of its point or the number that it shows, and stands beside it."""
    rows = {row["value"]: row for row in figure.rows}
    stated: list[Row] = figure.spec["datasets"].get("labels", [])
    for label in stated:
        row = rows.get(label["of"])
        if row is None or _in_one_line(label) != " ".join(row[label["is"]].split()):
            return f"a label of {label['of']} says something else than its point"
    expected = sorted(map(_in_one_line, stated))
    if sorted(word.text for word in words) != expected:
        return f"its labels are {', '.join(word.text for word in words)}, its spec has {', '.join(expected)}"
    for word in words:
        points = [
            (across.pixel(row["size"]), up.pixel(row["number"]))
            for row in rows.values()
            if word.text in (" ".join(row["label"].split()), " ".join(row["text"].split()))
        ]
        wide = len(word.text) * 7.2
        if min(math.dist((min(max(x, word.x), word.x + wide), y), (x, word.y)) for x, y in points) > FAR:
            return f"the label “{word.text}” stands far from its point"
    return None


def _in_one_line(label: Row) -> str:
    """The words of a label, which may be broken into several lines."""
    words = label[label["is"]]
    return " ".join((words if isinstance(words, str) else " ".join(words)).split())


def _differ(what: str, drawn: Iterable[Place], expected: Iterable[Place]) -> str | None:
    left, wanted = list(drawn), list(expected)
    if len(left) != len(wanted):
        return f"it draws {len(left)} {what}, its spec has {len(wanted)}"
    for place in wanted:
        near = min(left, key=lambda one, place=place: _apart(one, place))  # type: ignore[misc]
        if _apart(near, place) > PIXELS:
            return f"one of its {what} is not where it belongs"
        left.remove(near)
    return None


def _apart(one: Place, other: Place) -> float:
    if len(one) != len(other):
        return math.inf
    return max(abs(mine - theirs) for mine, theirs in zip(one, other, strict=True))
