"""What the data say about a predicate: it holds, it does not hold, or they cannot tell.

A predicate is asked of the bounds as written. If it is false, it is asked again with every ``low`` and
``high`` exchanged, which is the most that the intervals leave open: false again means that it does not hold,
anything else is inconclusive. So ``delta.low > 0`` holds for [1, 3], does not hold for [−3, −1], and is
inconclusive for [−1, 1]. An estimate without an interval has unknown bounds and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from harness.errors import UsageError
from harness.units import ONE, RATIO, Unit

from ..values.value import Value, is_prediction
from .predicate import OPERATORS, Amount, Comparison, Predicate, Term

_EXACT_OPERATIONS = frozenset({"constant", "cited"})
_EXCHANGED = {"low": "high", "high": "low"}


class State(StrEnum):
    """What a claim's data say."""

    HOLDS = "holds"
    FAILS = "does not hold"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a predicate may ask of a value: the ends of its interval in ``unit`` and its ``n``; null is unknown.

    ``exact`` numbers (counts, settings, cited figures) have equal ends and may be asked for without a part.
    """

    low: float | None
    high: float | None
    n: int | None
    unit: Unit
    exact: bool = False


def exact(value: Value) -> bool:
    """Whether a value is known without error: a count, a setting, a quoted figure, a p-value, or computed from such
    alone.

    What a new host would give is not, whatever it was computed from.
    """
    if value.interval is not None or value.number is None or is_prediction(value):
        return False
    if value.parents:
        return all(map(exact, value.parents))
    return value.question.exact if value.question else value.operation in _EXACT_OPERATIONS


def bounds_of(value: Value) -> Bounds:
    """What a predicate may ask of ``value``."""
    if exact(value):
        return Bounds(value.number, value.number, value.n, value.unit, exact=True)
    if value.interval is None:
        return Bounds(None, None, value.n, value.unit)
    return Bounds(value.interval.low, value.interval.high, value.n, value.unit)


def decide(predicate: Predicate, bounds: Mapping[str, Bounds]) -> State:
    """The state of ``predicate``. Raises ``UsageError`` where units do not fit or an estimate lacks its part."""
    written = _ask(predicate, bounds, exchange=False)
    if written:
        return State.HOLDS
    if written is False and _ask(predicate, bounds, exchange=True) is False:
        return State.FAILS
    return State.INCONCLUSIVE


def _ask(predicate: Predicate, bounds: Mapping[str, Bounds], *, exchange: bool) -> bool | None:
    if isinstance(predicate, Comparison):
        pairs = zip(pairwise(predicate.terms), predicate.operators, strict=True)
        return _every(_compare(left, sign, right, bounds, exchange=exchange) for (left, right), sign in pairs)
    answers = [_ask(part, bounds, exchange=exchange) for part in predicate.parts]
    if predicate.word == "and":
        return _every(answers)
    negated = _every(None if answer is None else not answer for answer in answers)
    return None if negated is None else not negated


def _every(answers: Iterable[bool | None]) -> bool | None:
    known = list(answers)
    if False in known:
        return False
    return None if None in known else True


def _compare(left: Term, sign: str, right: Term, bounds: Mapping[str, Bounds], *, exchange: bool) -> bool | None:
    _check_units(left, right, bounds)
    sides = tuple(_number(term, bounds, exchange=exchange) for term in (left, right))
    if sides[0] is None or sides[1] is None:
        return None
    return OPERATORS[sign](sides[0], sides[1])


def _number(term: Term, bounds: Mapping[str, Bounds], *, exchange: bool) -> float | None:
    """The term in base units; null where it is unknown."""
    if isinstance(term, Amount):
        return term.number * term.unit.scale
    value = bounds[term.name]
    if term.part == "n":
        return value.n
    if not term.part and not value.exact:
        raise UsageError(f"{term.name} is an estimate: ask for {term.name}.low or {term.name}.high, not for its point")
    part = _EXCHANGED.get(term.part, term.part) if exchange else term.part
    number = value.high if part == "high" else value.low
    return None if number is None else number * value.unit.scale


def _unit(term: Term, bounds: Mapping[str, Bounds]) -> Unit:
    if isinstance(term, Amount):
        return term.unit
    return ONE if term.part == "n" else bounds[term.name].unit


def _check_units(left: Term, right: Term, bounds: Mapping[str, Bounds]) -> None:
    units = _unit(left, bounds), _unit(right, bounds)
    for term, own, other in ((left, units[0], units[1]), (right, units[1], units[0])):
        if isinstance(term, Amount) and own == ONE and other not in (ONE, RATIO):
            if term.number == 0:
                return
            raise UsageError(f"write the unit of {term.number:g}: it is compared with a value in {other.symbol}")
    if units[0].dims != units[1].dims:
        what = " and ".join(one.symbol or "a plain number" for one in units)
        raise UsageError(f"{what} cannot be compared")
