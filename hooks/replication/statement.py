"""Cited figures and measured values as one kind of statement, so that they can be set against each other.

A statement says of one quantity and one statistic, under stated conditions, within which bounds the number lies.
Only statements of the same quantity, the same comparison and compatible statistics are ever set side by side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..cited import Cited
from ..cited.bounds import Bounds, allowed, around
from ..cited.figure import Comparison, Figure, Level, Statistic
from ..values.value import Value

Scale = Literal["amount", "difference", "ratio", "spread"]
Sides = tuple[tuple[tuple[str, Level], ...], tuple[tuple[str, Level], ...]]

_LOCATIONS = frozenset(
    {Statistic.MEAN, Statistic.BEST_CONFIG_MEAN, Statistic.PEAK, Statistic.PEAK_RUN, Statistic.P50, Statistic.UNSTATED}
)
_MEANT = {
    Statistic.UNSTATED: _LOCATIONS,
    Statistic.PEAK: frozenset({Statistic.PEAK, Statistic.PEAK_RUN, Statistic.BEST_CONFIG_MEAN}),
}
_CAPPED = _LOCATIONS | {Statistic.MIN}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a statement is about. ``sides`` are the two conditions of a comparison, in canonical order."""

    quantity: str
    scale: Scale
    sides: Sides | None = None


@dataclass(frozen=True)
class Statement:
    """One statement. ``study`` is null where a source attributes it to none; ``bounds`` are in base units.

    ``ceiling`` holds the bounds of the number itself where ``bounds`` is the half line below it.
    """

    id: str
    subject: Subject
    statistic: Statistic
    conditions: Mapping[str, Level]
    bounds: tuple[Bounds, ...]
    study: str | None
    universal: bool = False
    ceiling: tuple[Bounds, ...] = ()
    hardware: str | None = None
    figure: Figure | None = None
    value: Value | None = None

    @property
    def measured(self) -> bool:
        return self.value is not None

    @property
    def is_direction(self) -> bool:
        """Whether it only says which side is larger."""
        return self.figure is not None and self.figure.direction is not None

    @property
    def ambiguous(self) -> bool:
        """Whether the source leaves open which statistic it means."""
        return self.statistic in _MEANT


def from_figure(figure: Figure, cited: Cited) -> Statement:
    """The statement of a cited figure."""
    quantity = cited.quantity(figure)
    subject, turned = _subject(figure.quantity, figure.comparison)
    found = tuple(_ratio(bounds, figure.comparison) for bounds in allowed(figure, quantity))
    if turned:
        found = tuple(turn(bounds, subject.scale) for bounds in found)
    capped = figure.statistic is Statistic.CEILING
    return Statement(
        figure.id,
        subject,
        figure.statistic,
        figure.qualifiers.stated(),
        found,
        figure.report,
        figure.universal,
        around(figure, quantity) if capped else (),
        cited.hardware.get(figure.report or ""),
        figure,
    )


def same_statistic(one: Statistic, other: Statistic) -> bool:
    """Whether two figures can mean the same statistic of the runs."""
    if one == other:
        return True
    if Statistic.CEILING in (one, other):
        return bool({one, other} & _CAPPED)
    return other in _MEANT.get(one, ()) or one in _MEANT.get(other, ())


def agree(one: Statement, other: Statement) -> bool:
    """Whether some number satisfies both. Two ceilings agree where their numbers do."""
    left, right = (one.ceiling, other.ceiling) if one.ceiling and other.ceiling else (one.bounds, other.bounds)
    return any(mine.meets(theirs) for mine in left for theirs in right)


def clash(one: Statement, other: Statement) -> bool:
    """Whether both state a condition and state it differently."""
    return any(other.conditions.get(name, level) != level for name, level in one.conditions.items())


def stated_once(one: Statement, other: Statement) -> tuple[str, ...]:
    """The conditions that only one of them states; a universal statement covers what it leaves out."""
    open_names: set[str] = set()
    if not other.universal:
        open_names |= one.conditions.keys() - other.conditions.keys()
    if not one.universal:
        open_names |= other.conditions.keys() - one.conditions.keys()
    return tuple(sorted(open_names))


def compared(
    quantity: str, scale: Scale, of: Mapping[str, Level], against: Mapping[str, Level]
) -> tuple[Subject, bool]:
    """The subject of a comparison of two conditions, and whether its sides changed places for the canonical order."""
    sides = _side(of), _side(against)
    turned = sides[0] > sides[1]
    return Subject(quantity, scale, (sides[1], sides[0]) if turned else sides), turned


def turn(bounds: Bounds, scale: Scale) -> Bounds:
    """The bounds of second − first from those of first − second, or of second / first from those of first / second."""
    if scale == "difference":
        return Bounds(-bounds.high, -bounds.low)
    return Bounds(_inverse(bounds.high), _inverse(bounds.low))


def _subject(quantity: str, comparison: Comparison | None) -> tuple[Subject, bool]:
    if comparison is None:
        return Subject(quantity, "amount"), False
    if comparison.against is None:
        return Subject(quantity, "spread", ((("by", comparison.by or ""),), _side(comparison.of.stated()))), False
    scale: Scale = "difference" if comparison.operation == "difference" else "ratio"
    return compared(quantity, scale, comparison.of.stated(), comparison.against.stated())


def _side(levels: Mapping[str, Level]) -> tuple[tuple[str, Level], ...]:
    return tuple(sorted((name, str(level)) for name, level in levels.items()))


def _ratio(bounds: Bounds, comparison: Comparison | None) -> Bounds:
    """A relative comparison as first / second; everything else as it is."""
    if comparison and comparison.operation == "relative_change":
        return Bounds(1 + bounds.low, 1 + bounds.high)
    if comparison and comparison.operation == "reduction":
        return Bounds(1 - bounds.high, 1 - bounds.low)
    return bounds


def _inverse(number: float) -> float:
    return math.inf if number <= 0 else 1 / number
