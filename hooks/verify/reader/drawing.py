"""A static SVG read back: where its marks lie on its axes, and every word in it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .legend import CLEAR, Ink, ink_of

_MOVE = re.compile(r"translate\(([-\d.e]+)[, ]+([-\d.e]+)\)")
_NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-−+]?\d+)?%?")
_POLYLINE = re.compile(r"M[-\d.e]+,[-\d.e]+(?:Z|(?:L[-\d.e]+,[-\d.e]+)+)")
_PLACE = re.compile(r"([-\d.e]+),([-\d.e]+)")
HALF_PIXEL = 0.5
NONE = Ink("", "")


@dataclass(frozen=True, slots=True)
class Word:
    """A text, where it stands (absolute, in pixels) and what it is for (``role-axis-label``)."""

    text: str
    x: float
    y: float
    role: str
    axis: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn from a row of the data: its ends on the horizontal axis, and its height.

    A symbol may be ``hollow``, and ``leads`` to an address. ``ink`` is how it is drawn.
    """

    x: float
    end: float
    y: float
    symbol: bool
    hollow: bool = False
    leads: str = ""
    ink: Ink = NONE


@dataclass(slots=True)
class Drawing:
    """What an SVG says. ``dots`` are symbols that can be seen through. ``lines`` join places; ``rises`` are upright:
    their place, and where they end. Both have their colours in lists of their own."""

    words: list[Word] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    dots: list[Mark] = field(default_factory=list)
    lines: list[list[tuple[float, float]]] = field(default_factory=list)
    rises: list[tuple[float, float, float]] = field(default_factory=list)
    line_colours: list[str] = field(default_factory=list)
    rise_colours: list[str] = field(default_factory=list)
    domains: dict[int, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scale:
    """A horizontal axis: pixels to data, or to their decimal logarithms, from its first and last tick. It reaches from
    ``start`` to ``end``."""

    tick: float
    at: float
    per_pixel: float
    start: float
    end: float

    def value(self, x: float) -> float:
        """The number, or the logarithm, that a place stands for."""
        return self.tick + (x - self.at) * self.per_pixel


def read(svg: Any) -> Drawing:
    """Everything that an ``svg`` element draws."""
    drawing = Drawing()
    axes = iter(range(1_000_000))
    _walk(svg, (0.0, 0.0), "", 0, drawing, axes)
    return drawing


def _walk(
    element: Any, origin: tuple[float, float], role: str, axis: int, drawing: Drawing, axes: Iterator[int]
) -> None:
    if not isinstance(element.tag, str):
        return
    x, y = _moved(element, origin)
    classes = element.get("class", "")
    found = re.search(r"role-[a-z-]+", classes)
    role = found[0] if found else role
    if role == "role-axis" and found:
        axis = next(axes) + 1
    if element.tag == "text":
        drawing.words.append(Word(_text(element), x, y, role, axis))
    elif role == "role-axis-domain" and element.tag == "line" and float(element.get("x2", 0)):
        drawing.domains[axis] = (x - HALF_PIXEL, x - HALF_PIXEL + float(element.get("x2")))
    elif role == "role-mark":
        _mark(element, x, y, drawing)
    for child in element:
        _walk(child, (x, y), role, axis, drawing, axes)


def _mark(element: Any, x: float, y: float, drawing: Drawing) -> None:
    if element.tag in ("path", "circle"):
        if _POLYLINE.fullmatch(shape := element.get("d", "")):
            places = [_PLACE.fullmatch(part) for part in re.split("[ML]", shape.rstrip("Z"))[1:]]
            drawing.lines.append([(x + float(place[1]), y + float(place[2])) for place in places if place])
            drawing.line_colours.append(ink_of(element).colour)
        else:
            owner = element.getparent()
            leads, hollow = owner.get("href", ""), not _filled(element)
            mark = Mark(x, x, y, symbol=True, hollow=hollow, leads=leads, ink=ink_of(element))
            (drawing.dots if element.get("opacity") else drawing.marks).append(mark)
    elif element.tag == "line":
        right, down = (float(element.get(end, 0)) for end in ("x2", "y2"))
        if down == 0:
            drawing.marks.append(Mark(x, x + right, y, symbol=False, ink=ink_of(element)))
        if right == 0:
            drawing.rises.append((x, y, y + down))
            drawing.rise_colours.append(ink_of(element).colour)


def _filled(element: Any) -> bool:
    """Whether a shape is filled: by its own colour, or by that of its group."""
    own = element.get("fill") or next(
        (group.get("fill") for group in element.iterancestors("g") if group.get("fill")), ""
    )
    return own not in CLEAR


def _moved(element: Any, origin: tuple[float, float]) -> tuple[float, float]:
    """Where an element stands; a rotated one (a title) keeps its parent's place."""
    transform = element.get("transform", "")
    if "rotate" in transform:
        return origin
    moves = list(_MOVE.finditer(transform))
    return origin[0] + sum(float(move[1]) for move in moves), origin[1] + sum(float(move[2]) for move in moves)


def _text(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def scales(drawing: Drawing, *, log: bool = False) -> list[Scale]:
    """The numeric horizontal axes. Raises ``ValueError`` for an axis whose ticks are not evenly numbered, or whose
    logarithms are not."""
    found = []
    for axis in sorted({word.axis for word in drawing.words}):
        ticks = [word for word in drawing.words if word.axis == axis and word.role == "role-axis-label"]
        if len(ticks) > 1 and len({tick.x for tick in ticks}) > 1:
            found.append(_scale(ticks, drawing.domains.get(axis), log=log))
    return found


def rows(drawing: Drawing) -> list[list[Word]]:
    """The labels of every vertical axis, from top to bottom."""
    found = []
    for axis in sorted({word.axis for word in drawing.words}):
        labels = [word for word in drawing.words if word.axis == axis and word.role == "role-axis-label"]
        if labels and len({label.x for label in labels}) == 1:
            found.append(sorted(labels, key=lambda label: label.y))
    return found


def _scale(ticks: Sequence[Word], domain: tuple[float, float] | None, *, log: bool) -> Scale:
    numbers = [_number(tick.text) for tick in ticks]
    if log and min(numbers) <= 0:
        raise ValueError("its logarithmic axis reaches zero")
    numbers = [math.log10(number) for number in numbers] if log else numbers
    places = [tick.x - HALF_PIXEL for tick in ticks]
    per_pixel = (numbers[-1] - numbers[0]) / (places[-1] - places[0])
    scale = Scale(numbers[0], places[0], per_pixel, *(domain or (places[0], places[-1])))
    for tick, number, place in zip(ticks, numbers, places, strict=True):
        if abs(scale.value(place) - number) > abs(per_pixel) * 0.05:
            belongs = 10 ** scale.value(place) if log else scale.value(place)
            raise ValueError(f"the tick {tick.text!r} stands where {belongs:.6g} belongs")
    return scale


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"the tick {text!r} is no number")
    number = float(text.replace("−", "-").replace(",", "").rstrip("%"))
    return number / 100 if text.endswith("%") else number
