"""Small dots: the blocks of runs (of several sessions, the sessions) behind the points of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ..values.value import Value

DOTS = "dots"
"""The name of the dots' rows in a spec."""
MOST = 60
"""More would hide the points."""
BELOW = 7
"""How far below the bar of its point a dot stands in a row, in pixels."""
MARK: dict[str, Any] = {"filled": True, "size": 14, "opacity": 0.75}


class Labelled(Protocol):
    """A point of a chart."""

    @property
    def label(self) -> str: ...
    @property
    def series(self) -> str: ...
    @property
    def value(self) -> Value: ...


def dots(points: Sequence[Labelled]) -> list[dict[str, Any]]:
    """A dot for each block behind each point, which ``order`` numbers.

    A point of a single block has none, as it stands there itself. A chart that would have very many has none, nor has
    one over several datasets.
    """
    found = [
        {"of": point.value.id, "order": order, "label": point.label, "series": point.series, "number": number}
        for order, point in enumerate(points)
        for number in point.value.by_block()
    ]
    asked = {getattr(point.value.question, "digest", "") for point in points if point.value.by_block()}
    return found if len(found) <= MOST and len(asked) < 2 else []
