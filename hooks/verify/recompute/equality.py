"""When two numbers count as the same."""

from __future__ import annotations

import math

from ..reader.values_json import StatedInterval

RELATIVE = 1e-9


def same(one: float | None, other: float | None, size: float = 0.0) -> bool:
    """Equal within ``RELATIVE``; ``size`` is the largest operand of a difference, whose last bits may cancel."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=1e-12 * abs(size))


def same_interval(one: StatedInterval | None, other: StatedInterval | None, size: float = 0.0) -> bool:
    """Same ends, same level and same method; or none on both sides."""
    if one is None or other is None:
        return one is other
    ends = same(one.low, other.low, size) and same(one.high, other.high, size)
    return ends and one.level == other.level and one.method == other.method


def interval_text(interval: StatedInterval | None) -> str:
    """An interval for a message."""
    return "no interval" if interval is None else f"[{interval.low!r}, {interval.high!r}] by {interval.method}"
