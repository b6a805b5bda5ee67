"""Which end of an axis is the better one, as its title says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from ..claims.subjects import better
from ..values.value import Value

Better = Literal["", "low", "high"]
Side = Literal["x", "y"]
ARROWS: Mapping[Side, Mapping[Better, str]] = {
    "x": {"": "", "low": " ←\u00a0better", "high": " better\u00a0→"},
    "y": {"": "", "low": " ↓\u00a0better", "high": " ↑\u00a0better"},
}
"""What follows the words of an axis; no line of a title ends within it."""


def better_end(values: Iterable[Value]) -> Better:
    """The better end of the axis that the values lie on.

    None where no value has one, or where one is better large and another small. What a difference is good for depends
    on what its sides are called: it has none.
    """
    ways = {better(value) for value in values if value.operation != "-"} - {None}
    return "" if len(ways) != 1 else "high" if ways == {1} else "low"


def arrow(side: Side, values: Iterable[Value], declared: Better = "") -> str:
    """The end of an axis's title: its arrow to the better end, ``declared`` or that of its values."""
    return ARROWS[side][declared or better_end(values)]
