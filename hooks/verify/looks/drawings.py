"""Every static chart, read back from its pixels, shows the numbers and the words of its spec and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..reader.drawing import Drawing, Mark, Scale, Word, read, rows, scales
from ..reader.figure import Figure, figures
from ..reader.mismatches import Examined
from ..reader.nearest import unlike
from ..reader.said import axes_of, is_said, said
from ..reader.site import Site
from . import dots, inks, log_drawing, plane_drawing

Places = Sequence[tuple[float, ...]]

PIXELS = 0.06
WIDE = 10.0
"""The factor over which ratios may spread on an axis that is not logarithmic."""
BELOW = 7.0
"""How far a dot stands below its point in a row of its own, in pixels."""
GENERATED = ("role-axis-label",)


def check(site: Site) -> Iterator[Examined]:
    """Reads every figure's SVG."""
    for page in site.pages:
        for figure in figures(page):
            if isinstance(figure, Figure):
                problem = _problem(figure)
                yield Examined(page.name, problem and f"{figure.name}: {problem}")


def _problem(figure: Figure) -> str | None:
    if not figure.drawings:
        return "it has no drawing"
    return next(filter(None, (_drawn(figure, svg, read(svg)) for svg in figure.drawings)), None)


def _drawn(figure: Figure, svg: Any, drawing: Drawing) -> str | None:
    if figure.planar:
        return plane_drawing.problem(figure, drawing)
    if unclear := inks.problem(figure, svg, drawing.marks):
        return unclear
    if figure.sized:
        return log_drawing.problem(figure, svg, drawing)
    log = _is_log(figure)
    if not log and (spread := _spread(figure)) > WIDE:
        return f"its ratios spread over a factor of {spread:.3g} on an axis that is not logarithmic"
    try:
        axes = scales(drawing, log=log)
    except ValueError as error:
        return str(error)
    return (
        _words(figure, drawing, axes)
        or _marks(figure, svg, drawing, axes)
        or _labels(figure, drawing, axes)
        or _dots(figure, svg, drawing, axes)
    )


def _is_log(figure: Figure) -> bool:
    """Whether the axis of the numbers is logarithmic."""
    return any(axis.get("scale", {}).get("type") == "log" for axis in axes_of(figure.spec, "x"))


def _spread(figure: Figure) -> float:
    """The largest end of the intervals of ratios over the smallest; 1 of what is not drawn beside a line at one."""
    ends = [float(row[name]) for row in figure.rows for name in ("number", "low", "high")]
    at_one = any(axis.get("datum") == 1 for axis in axes_of(figure.spec, "x"))
    return max(ends) / min(ends) if at_one and ends and min(ends) > 0 else 1.0


def _counted(figure: Figure) -> Callable[[float], float]:
    """What the axis of a figure counts of a number: itself, or its decimal logarithm."""
    return math.log10 if _is_log(figure) else float


def _words(figure: Figure, drawing: Drawing, axes: Sequence[Scale]) -> str | None:
    known = set(said(figure.spec))
    for word in drawing.words:
        numeric_tick = word.role in GENERATED and any(_on(axis, word.x) for axis in axes)
        if not numeric_tick and not is_said(word.text, known):
            return f"it says “{word.text}”, its spec does not"
    return None


def _on(axis: Scale, x: float) -> bool:
    return axis.start - 1 <= x <= axis.end + 1


def _marks(figure: Figure, svg: Any, drawing: Drawing, axes: Sequence[Scale]) -> str | None:
    """Compares the places of symbols with the numbers, and the ends of lines with the intervals, series by series."""
    if drawing.lines:
        return "it draws a line, its spec has none"
    log, counted = _is_log(figure), _counted(figure)
    slack = PIXELS * max((abs(axis.per_pixel) for axis in axes), default=0.0)
    for marks, own in inks.by_ink(figure, svg, drawing.marks):
        numbers = [] if figure.spans else [(counted(float(row["number"])),) for row in own]
        if apart := _differ("points", [(_value(axes, mark.x),) for mark in marks], numbers, slack, log=log):
            return apart
    ends = ("begin", "number") if figure.spans else ("low", "high")
    for marks, own in inks.by_colour(figure, svg, drawing.marks):
        lines = [(_value(axes, mark.x), _value(axes, mark.end)) for mark in marks]
        bounds = [tuple(counted(float(row[end])) for end in ends) for row in own]
        if apart := _differ("intervals", lines, bounds, slack, log=log):
            return apart
    return None


def _labels(figure: Figure, drawing: Drawing, axes: Sequence[Scale]) -> str | None:
    """Compares the labels with those of the rows and, where there is one panel, each point with its label."""
    expected = list(dict.fromkeys(" ".join(str(row["label"]).split()) for row in figure.rows))
    columns, counted = rows(drawing), _counted(figure)
    for axis in columns:
        labels = [word.text for word in axis]
        if len(labels) != len(expected) or not all(map(_is_cut, labels, expected)):
            return f"its labels are {', '.join(labels)}, its points have {', '.join(expected)}"
        if len(axes) > 1 or len(columns) > 1:
            continue
        shown = (mark for mark in drawing.marks if mark.symbol is not figure.spans)
        place = "begin" if figure.spans else "number"
        inside = bool(axes) and axis[0].x >= axes[0].start
        for row, mark in zip(figure.rows, shown, strict=True):
            label = _label_of(axis, mark, inside=inside)
            is_there = _near(_value(axes, mark.x), counted(float(row[place])), axes)
            if not is_there or not _is_cut(label.text, str(row["label"])):
                return f"the point of {row['value']} lies beside “{label.text}”"
    return None


def _dots(figure: Figure, svg: Any, drawing: Drawing, axes: Sequence[Scale]) -> str | None:
    """Compares the dots with the numbers of the blocks, in the rows of their points: of a single panel."""
    if len(axes) > 1 and (drawing.dots or figure.dots):
        return "it has dots in several panels"
    counted, points = _counted(figure), [mark for mark in drawing.marks if mark.symbol]
    slack = PIXELS * abs(axes[0].per_pixel) if axes else 0.0
    below = BELOW if len({row["label"] for row in figure.rows}) == len(figure.rows) else 0.0
    return dots.problem(
        figure,
        svg,
        drawing.dots,
        lambda mark: (_value(axes, mark.x), mark.y),
        lambda dot: (counted(float(dot["number"])), points[dot["order"]].y + below),
        (slack, PIXELS),
    )


def _label_of(axis: Sequence[Word], mark: Mark, *, inside: bool) -> Word:
    """The label of the row of a mark: the last one above it, where labels stand inside of the plot, or the nearest."""
    above = [word for word in axis if word.y <= mark.y]
    if inside and above:
        return above[-1]
    return min(axis, key=lambda word: abs(word.y - mark.y))


def _is_cut(text: str, whole: str) -> bool:
    line = " ".join(whole.split())
    return text == line or (text.endswith("…") and line.startswith(text[:-1]))


def _near(drawn: float, number: float, axes: Sequence[Scale]) -> bool:
    return abs(drawn - number) <= PIXELS * abs(axes[0].per_pixel)


def _value(axes: Sequence[Scale], x: float) -> float:
    axis = next((axis for axis in axes if _on(axis, x)), None)
    return math.nan if axis is None else axis.value(x)


def _differ(what: str, drawn: Places, expected: Places, slack: float, *, log: bool) -> str | None:
    if len(drawn) != len(expected):
        return f"it draws {len(drawn)} {what}, its spec has {len(expected)}"
    if apart := unlike(drawn, expected, slack):
        return f"one of its {what} lies at {_places(apart[0], log=log)} where {_places(apart[1], log=log)} belongs"
    return None


def _places(numbers: Sequence[float], *, log: bool) -> str:
    return " to ".join(f"{10**number if log else number:.6g}" for number in numbers)
