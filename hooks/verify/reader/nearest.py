"""Marks of a drawing against the numbers that they stand for, each with the one that lies nearest.

Pixels are coarser than numbers, so that two marks of nearly one place may stand in another order than their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Place = tuple[float, ...]


def unlike(drawn: Iterable[Place], expected: Iterable[Place], slack: float) -> tuple[Place, Place] | None:
    """A place that is drawn and the numbers nearest to it, where they are farther apart than ``slack``; ``None`` where
    all agree. There are as many of both."""
    left = sorted(drawn)
    for numbers in sorted(expected):
        place = left.pop(min(range(len(left)), key=lambda one: distance(left[one], numbers)))
        if distance(place, numbers) > slack:
            return place, numbers
    return None


def distance(place: Sequence[float], numbers: Sequence[float]) -> float:
    """The largest difference of any of their coordinates."""
    return max(abs(at - wanted) for at, wanted in zip(place, numbers, strict=True))
