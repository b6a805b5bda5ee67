"""A logarithmic scale around the numbers of a chart, with its ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

WIDE = 10.0
"""Ratios that spread over more than this factor are drawn on a logarithmic axis: on another one the small ones would
lie on its end."""


def spreads(numbers: Iterable[float]) -> bool:
    """Whether numbers, all above zero, are too far apart for an even axis."""
    found = list(numbers)
    return bool(found) and min(found) > 0 and max(found) > WIDE * min(found)


def log_scale(numbers: Iterable[float], written: str, **title: Any) -> dict[str, Any]:
    """A logarithmic scale around ``numbers``, with ticks at powers of ten, or also at two and five times these where
    there are too few, ``written`` in a format of d3; ``title`` says where that of the axis stands."""
    import altair as alt

    found = [number for number in numbers if number > 0] or [1.0]
    low, high = min(found) / 1.5, max(found) * 1.5
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    coarse, fine = ([step * 10.0**power for power in decades for step in steps] for steps in ((1,), (1, 2, 5)))
    ticks = next((some for some in (_between(coarse, low, high), _between(fine, low, high)) if len(some) > 1), coarse)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    return {"scale": scale, "axis": alt.Axis(values=ticks, format=written, labelOverlap=False, **title)}


def _between(ticks: Iterable[float], low: float, high: float) -> list[float]:
    return [tick for tick in ticks if low <= tick <= high]
