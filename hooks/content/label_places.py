"""Where the labels of a chart's points stand, so that none lies on another, on a point or outside of the drawing.

Each label takes the best of the places around its point, without overlap, then near, and again beside all others
until none moves; the best of several orders is taken. Widths are those of a wide sans-serif font, so that they hold for
the font of any reader.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CHARACTER, LINE = 7.2, 15.0
"""Width of a character and height of a line, in pixels."""
_NEAR = (10.0, 18.0, 30.0, 46.0, 64.0, 84.0, 108.0, 136.0)
_POINT = 6.0
_ROUNDS = 8
_OVERLAP, _ON_POINT, _OUTSIDE = 100_000.0, 60.0, 50_000.0
_ASTRAY = 400.0
"""What it costs a label to stand nearer to the point of another."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the upper left."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)

    def distance(self, point: tuple[float, float]) -> float:
        """How far a point is from it."""
        x, y = point
        return math.dist(point, (min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)))


Choice = tuple[Box, float]
"""A place, and what it costs whatever the other labels do."""


def places(
    points: Sequence[tuple[float, float]],
    texts: Sequence[Sequence[str]],
    room: Box,
    taken: Sequence[tuple[float, float]],
) -> list[Box]:
    """A box for the lines of each text, beside its point. Points that are ``taken`` by other marks are left free."""
    marks = [Box(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in (*points, *taken)]
    choices = [
        [(box, far + _cost(box, room, marks) + _astray(box, point, points)) for box, far in _around(point, lines)]
        for point, lines in zip(points, texts, strict=True)
    ]
    labels = range(len(choices))
    orders = [[*labels[first:], *labels[:first]] for first in labels]
    settled = (_settled(choices, order) for order in (*orders, *(order[::-1] for order in orders)))
    return min(settled, key=lambda found: found[1], default=([], 0.0))[0]


def _settled(choices: Sequence[Sequence[Choice]], order: Sequence[int]) -> tuple[list[Box], float]:
    """A box for each label, and what all of them cost, where labels choose in that ``order`` until none moves."""
    found: dict[int, Choice] = {}
    for _ in range(_ROUNDS):
        before = dict(found)
        for label in order:
            others = [box for other, (box, _) in found.items() if other != label]
            found[label] = min(choices[label], key=lambda choice: choice[1] + _overlap(choice[0], others))
        if found == before:
            break
    boxes = [found[label][0] for label in sorted(found)]
    cost = sum(found[k][1] + _overlap(boxes[k], boxes[:k]) for k in range(len(boxes)))
    return boxes, cost


def _overlap(box: Box, others: Sequence[Box]) -> float:
    return _OVERLAP * sum(box.shared(other) > 0 for other in others)


def _around(point: tuple[float, float], lines: Sequence[str]) -> Iterator[tuple[Box, float]]:
    """The places around a point, and how far each is."""
    (x, y), wide, high = point, max(map(len, lines)) * CHARACTER, len(lines) * LINE
    for far in _NEAR:
        for left, top, further in (
            (x + far, y - high / 2, 0.0),
            (x - wide / 2, y - far - high, 1.0),
            (x - wide / 2, y + far, 1.0),
            (x - far - wide, y - high / 2, 2.0),
            (x + far, y - far - high, 3.0),
            (x + far, y + far, 3.0),
            (x - far - wide, y - far - high, 4.0),
            (x - far - wide, y + far, 4.0),
            (x - wide / 4, y - far - high, 5.0),
            (x - wide / 4, y + far, 5.0),
            (x - wide * 3 / 4, y - far - high, 5.0),
            (x - wide * 3 / 4, y + far, 5.0),
        ):
            yield Box(left, top, left + wide, top + high), far + further


def _astray(box: Box, own: tuple[float, float], points: Sequence[tuple[float, float]]) -> float:
    nearest = min(box.distance(point) for point in points if point != own) if len(set(points)) > 1 else math.inf
    return _ASTRAY if nearest < box.distance(own) else 0.0


def _cost(box: Box, room: Box, marks: Sequence[Box]) -> float:
    """What a place costs whatever the other labels do: outside of the room, or on marks."""
    outside = max(room.left - box.left, 0) + max(box.right - room.right, 0)
    outside += max(room.top - box.top, 0) + max(box.bottom - room.bottom, 0)
    return _OUTSIDE * (outside > 0) + outside + _ON_POINT * sum(box.shared(one) > 0 for one in marks)
