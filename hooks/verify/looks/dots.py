"""The small dots of a drawing: each is a block behind a point, at its number and in the colour of its series."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..reader.drawing import Mark
from ..reader.figure import Figure
from ..reader.legend import bare, legend

Place = tuple[float, ...]


def problem(
    figure: Figure,
    svg: Any,
    drawn: Sequence[Mark],
    place_of: Callable[[Mark], Place],
    belongs: Callable[[Mapping[str, Any]], Place],
    slack: Place,
) -> str | None:
    """What is drawn at another place than that where it belongs, by more than ``slack``, or in another colour."""
    stated, known = figure.dots, legend(svg, {bare(str(row["series"])) for row in figure.rows})
    if len(drawn) != len(stated):
        return f"it draws {len(drawn)} dots, its spec has {len(stated)}"
    for mark, dot in zip(drawn, stated, strict=True):
        ink = known.get(bare(str(dot["series"])))
        if ink is not None and ink.colour != mark.ink.colour:
            return f"a dot of {dot['of']} has another colour than its series"
        ends = zip(place_of(mark), belongs(dot), slack, strict=True)
        if not all(abs(at - of) <= most for at, of, most in ends):
            return f"a dot of {dot['of']} does not lie where it belongs"
    return None
