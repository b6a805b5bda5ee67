"""Checks the arithmetic of a source: does a figure follow from the other figures that it was made of?

A comparison ("+15.2 %") is recomputed from the figures that stand beside it, in the same section, and that its two
conditions select. A total is recomputed from the figures that its sentence names. All with the digits as printed:
a figure follows where some choice of the unprinted digits gives it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from ..cited import Cited, Figure
from ..cited.bounds import Bounds, any_meet, around, each
from ..cited.figure import Comparison, Computation, Kind, Level, Qualifiers
from .statement import Scale, Statement, compared, from_figure, same_statistic, turn


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that does not follow from its operands. ``recomputed`` is in base units, nearest first."""

    figure: Figure
    operands: tuple[Figure, ...]
    recomputed: Bounds


def slips(cited: Cited) -> tuple[Slip, ...]:
    """Every figure that its own source refutes, in the order of the files."""
    found = (_slip(figure, cited) for figure in cited if figure.kind is not Kind.HYPOTHESIS)
    return tuple(slip for slip in found if slip)


def _slip(figure: Figure, cited: Cited) -> Slip | None:
    ways = list(_ways(figure, cited))
    stated = _stated(figure, cited)
    if not ways or any(any_meet((way.recomputed,), stated) for way in ways):
        return None
    return min(ways, key=lambda way: min(abs(way.recomputed.middle - bounds.middle) for bounds in stated))


def _stated(figure: Figure, cited: Cited) -> tuple[Bounds, ...]:
    if figure.comparison and not figure.computed_from:
        return from_figure(figure, cited).bounds
    return around(figure, cited.quantity(figure))


def _ways(figure: Figure, cited: Cited) -> Iterator[Slip]:
    if figure.computed_from:
        yield _computed(figure, figure.computed_from, cited)
    elif figure.comparison and figure.comparison.operation == "spread":
        yield from _spreads(figure, figure.comparison, figure.comparison.by or "", cited)
    elif figure.comparison and figure.comparison.against:
        yield from _compared(figure, figure.comparison, figure.comparison.against, cited)


def _computed(figure: Figure, computation: Computation, cited: Cited) -> Slip:
    operands: list[Figure] = []
    bounds: list[Bounds] = []
    for name in computation.of:
        if isinstance(name, str):
            operands.append(cited.figure(name))
            bounds += each(operands[-1], cited.quantity(operands[-1]))
        else:
            bounds.append(Bounds(name, name))
    return Slip(figure, tuple(operands), _ARITHMETIC[computation.operation](bounds))


def _sum(of: list[Bounds]) -> Bounds:
    return Bounds(sum(b.low for b in of), sum(b.high for b in of))


def _product(of: list[Bounds]) -> Bounds:
    return Bounds(math.prod(b.low for b in of), math.prod(b.high for b in of))


def _difference(of: list[Bounds]) -> Bounds:
    return Bounds(of[0].low - of[1].high, of[0].high - of[1].low)


def _share(of: list[Bounds]) -> Bounds:
    return Bounds(of[0].low / of[1].high, of[0].high / of[1].low)


def _width(of: list[Bounds]) -> Bounds:
    return _difference([of[1], of[0]])


_ARITHMETIC: dict[str, Callable[[list[Bounds]], Bounds]] = {
    "sum": _sum,
    "product": _product,
    "difference": _difference,
    "share": _share,
    "width": _width,
}


def _compared(figure: Figure, comparison: Comparison, against: Qualifiers, cited: Cited) -> Iterator[Slip]:
    """Every pair beside the figure that its two conditions select, first and second in canonical order."""
    scale: Scale = "difference" if comparison.operation == "difference" else "ratio"
    _, turned = compared(figure.quantity, scale, comparison.of.stated(), against.stated())
    left, right = (_beside(figure, side.stated(), cited) for side in (comparison.of, against))
    for of, base in product(left, right):
        if not same_statistic(of.statistic, base.statistic):
            continue
        for mine, theirs in product(of.bounds, base.bounds):
            way = _difference([mine, theirs]) if scale == "difference" else _share([mine, theirs])
            yield Slip(figure, _figures(of, base), turn(way, scale) if turned else way)


def _spreads(figure: Figure, comparison: Comparison, by: str, cited: Cited) -> Iterator[Slip]:
    """The spread of each statistic over the levels of ``by``, wherever its figures stand."""
    chosen = [
        statement
        for statement in _selected(figure, comparison.of.stated(), cited)
        if by in statement.conditions and (not comparison.among or str(statement.conditions[by]) in comparison.among)
    ]
    for statistic in sorted({statement.statistic for statement in chosen}):
        group = [statement for statement in chosen if statement.statistic == statistic]
        if len(group) > 1:
            lows, highs = [s.bounds[0].low for s in group], [s.bounds[0].high for s in group]
            yield Slip(figure, _figures(*group), Bounds(max(lows) - min(highs), max(highs) - min(lows)))


def _beside(figure: Figure, side: dict[str, Level], cited: Cited) -> list[Statement]:
    """The figures that ``side`` selects and that stand in a section where ``figure`` stands."""
    sections = {place.section for place in figure.places}
    return [
        statement
        for statement in _selected(figure, side, cited)
        if statement.figure and sections & {place.section for place in statement.figure.places}
    ]


def _selected(figure: Figure, side: dict[str, Level], cited: Cited) -> Iterator[Statement]:
    wanted = figure.qualifiers.stated() | side
    for other in cited:
        conditions = other.qualifiers.stated()
        if (
            other.quantity == figure.quantity
            and other.comparison is None
            and other.kind is Kind.FINDING
            and same_statistic(other.statistic, figure.statistic)
            and side.items() <= conditions.items()
            and all(conditions.get(name, level) == level for name, level in wanted.items())
        ):
            yield from_figure(other, cited)


def _figures(*statements: Statement) -> tuple[Figure, ...]:
    return tuple(statement.figure for statement in statements if statement.figure)
