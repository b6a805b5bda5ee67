"""Finds figures for the same quantity that differ. There is no list: two statements are compared whenever they are
about the same quantity, the same comparison, a statistic that can be the same, and conditions that do not clash.

    contradiction     the same study (or a statement about every case), conditions stated alike: both cannot be right
    unless            as above, but one states a condition that the other leaves out: right only if that differs
    between studies   different studies, stated alike: a difference to explain, not a slip of the pen

A figure whose source leaves open which statistic it means differs from nothing where it agrees with any figure of the
other study that it could mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from ..cited.figure import Kind, Statistic
from .statement import Statement, agree, clash, same_statistic, stated_once

_EXTREMES = frozenset({Statistic.PEAK, Statistic.PEAK_RUN, Statistic.BEST_CONFIG_MEAN, Statistic.MAX, Statistic.MIN})


class Degree(StrEnum):
    """How hard two statements contradict each other, hardest first."""

    CONTRADICTION = "contradiction"
    UNLESS = "unless"
    BETWEEN = "between studies"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that no number satisfies. ``open`` are the conditions that only one of them states."""

    one: Statement
    other: Statement
    degree: Degree
    open: tuple[str, ...]


def contradictions(statements: Iterable[Statement]) -> tuple[Contradiction, ...]:
    """All pairs that differ, hardest first, then by quantity and id."""
    claimed = [statement for statement in statements if _asserts(statement)]
    paired = [(one, other) for one, other in combinations(claimed, 2) if comparable(one, other)]
    found = [
        _judge(one, other)
        for one, other in paired
        if not agree(one, other) and not _may_mean_another(one, other, paired)
    ]
    kept = [item for item in found if item.degree is not Degree.BETWEEN or not item.open]
    order = {degree: rank for rank, degree in enumerate(Degree)}
    return tuple(sorted(kept, key=lambda c: (order[c.degree], c.one.subject.quantity, c.one.id, c.other.id)))


def comparable(one: Statement, other: Statement) -> bool:
    """Whether two statements are about the same thing, as far as both say what they are about."""
    return (
        one.subject == other.subject
        and same_statistic(one.statistic, other.statistic)
        and not clash(one, other)
        and not _unlike(one, other)
        and not (wider(one, other) or wider(other, one))
    )


def _unlike(one: Statement, other: Statement) -> bool:
    """Whether measured data are set against another machine, or against themselves."""
    if one.measured and other.measured and one.study == other.study:
        return True
    return (one.measured or other.measured) and one.hardware != other.hardware


def wider(one: Statement, other: Statement) -> bool:
    """Whether ``one`` is an extreme over more cases than ``other`` and so may lie beyond it."""
    if not other.conditions.items() > one.conditions.items() or one.statistic not in _EXTREMES:
        return False
    if other.statistic not in _EXTREMES:
        return False
    if one.statistic is Statistic.MIN:
        return min(b.low for b in one.bounds) <= max(b.high for b in other.bounds)
    return max(b.high for b in one.bounds) >= min(b.low for b in other.bounds)


def _asserts(statement: Statement) -> bool:
    return statement.figure is None or statement.figure.kind is Kind.FINDING


def _judge(one: Statement, other: Statement) -> Contradiction:
    missing = stated_once(one, other)
    if one.study == other.study or one.universal or other.universal:
        return Contradiction(one, other, Degree.UNLESS if missing else Degree.CONTRADICTION, missing)
    if None in (one.study, other.study) and not missing:
        return Contradiction(one, other, Degree.UNLESS, ("study",))
    return Contradiction(one, other, Degree.BETWEEN, missing)


def _may_mean_another(one: Statement, other: Statement, paired: Sequence[tuple[Statement, Statement]]) -> bool:
    """Whether one of them agrees with the other's study under another statistic that it could mean."""
    if one.statistic == other.statistic:
        return False
    return _agrees_otherwise(one, other, paired) or _agrees_otherwise(other, one, paired)


def _agrees_otherwise(vague: Statement, other: Statement, paired: Sequence[tuple[Statement, Statement]]) -> bool:
    """Whether ``vague`` agrees with some statement of the study of ``other`` that it could mean."""
    if not vague.ambiguous or other.universal:
        return False
    return any(
        partner.study == other.study and not partner.is_direction and agree(vague, partner)
        for partner in _partners(vague, paired)
    )


def _partners(one: Statement, paired: Sequence[tuple[Statement, Statement]]) -> Iterator[Statement]:
    for left, right in paired:
        if left is one:
            yield right
        elif right is one:
            yield left
