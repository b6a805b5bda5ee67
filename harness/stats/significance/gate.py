"""May an interval over the blocks of one session be printed? It takes blocks for independent draws of one value."""

from __future__ import annotations

import numpy.typing as npt

from ...outcomes import Missing, NoValue
from ..arrays import Floats
from .serial import independence
from .trend import drift


def no_interval(values: Floats, positions: npt.ArrayLike, cells: npt.ArrayLike) -> Missing | None:
    """Why there may be none, of all runs ``(n,)`` of one session: their neighbours are alike for longer than a block
    lasts, or they move with time. ``None`` where neither was found, and where there are too few runs to tell."""
    try:
        dependent = independence(values, positions, cells).reason
        return dependent or (Missing.DRIFT if drift(values, positions, cells).drifts else None)
    except NoValue:
        return None
