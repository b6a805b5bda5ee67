"""The colours of series: an engine has the same one on all pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import cycle
from typing import Any

from .vega import INK

ENGINES = {"llama.cpp": 1, "ONNX Runtime": 2, "PyTorch": 4}
"""The number of the colour of an engine, by its title. What is varied of an engine has a colour of its own."""


def inks(series: Sequence[str], plain: Collection[str] = ()) -> dict[str, Any]:
    """The range of a scale of colours; none where its theme's order will do. ``plain`` series are grey, in the last
    colour, which the others leave to them."""
    if not plain and not ENGINES.keys() & set(series):
        return {}
    of = {name: _colour(number) for name, number in ENGINES.items() if name in series}
    *spare, grey = (colour for name, colour in INK.items() if name[-1].isdecimal())
    others = cycle([colour for colour in spare if colour not in of.values()])
    return {"range": [of.get(name) or (grey if name in plain else next(others)) for name in series]}


def _colour(number: int) -> str:
    return INK[f"--b-chart-{number}"]
