"""Refuses claims whose sentence and predicate do not speak of the same thing.

A predicate that the data satisfy makes no sentence true by itself. What is checked here is what a machine can: every
value that is shown is tested, or is the smallest effect that the test of another would likely have found; the predicate
can hold and can fail; the words say the direction that the predicate tests, by the metric's own direction; two sides of
a comparison differ in what the sentence names, and in nothing else; a factor of a formula is shown.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from harness.errors import UsageError
from harness.units import RATIO, Unit

from ..text.beside_value import demand_plain
from ..text.placeholders import Literal, Words
from ..values.value import Value
from .claim import Claim
from .evaluate import Bounds, State, bounds_of, decide
from .lexicon import Sense, comparatives, denials, is_neutral, sense_of, unmeasured
from .predicate import Amount, Bound, Comparison, Predicate, asked, parse
from .sentence import Chosen, Piece, Shown
from .subjects import Words as Called
from .subjects import better, compared, demand_alike, demand_plain_constants, is_power_of

_TRIALS = 20_000
_UP, _DOWN = 1, -1
_PLAIN = (1.0, 100.0)
_VALUE = "_"
_MEASURED = re.compile(rf"{_VALUE} (?:times )?as \w+|grows with the power {_VALUE}")


def lint(claim: Claim, called: Called | None = None) -> Claim:
    """The claim; ``called`` is what studies call the levels that it names. Raises ``UsageError`` that says what of it
    is not tested, or is said otherwise than it is tested."""
    parts, values, predicate = claim.parts, claim.values, parse(claim.predicate)
    try:
        for value in values.values():
            demand_alike(value)
            demand_plain_constants(value)
        _demand_tested(parts, values, predicate)
        _demand_decidable(predicate, values)
        _demand_direction(parts, values, predicate)
        _demand_named(parts, values, called or {})
        _demand_plain_beside(parts)
        _demand_shown_constants(parts, values)
    except UsageError as error:
        raise UsageError(f"claim {claim.id!r}: {error}") from None
    return claim


def _demand_tested(parts: tuple[Piece, ...], values: Mapping[str, Value], predicate: Predicate) -> None:
    tested = {term.name for term in asked(predicate) if isinstance(term, Bound) and term.part != "n"}
    if not tested:
        raise UsageError("its predicate asks only how many runs there are, which says nothing of the sentence")
    shown = {part.name for part in parts if isinstance(part, Shown) and part.part != "n"}
    shown |= {part.name for part in parts if isinstance(part, Chosen)}
    powers = {name for name in shown if any(is_power_of(values[name], values[one]) for one in tested)}
    if untested := sorted(shown - tested - powers):
        raise UsageError(f"the sentence shows {', '.join(untested)}, which its predicate does not test")


def _demand_decidable(predicate: Predicate, values: Mapping[str, Value]) -> None:
    kinds = tuple(sorted((name, bounds_of(value).exact, value.unit) for name, value in values.items()))
    states = _possible(predicate, kinds)
    if states == {State.HOLDS}:
        raise UsageError("its predicate is true of all numbers; it could never fail")
    if State.HOLDS not in states:
        raise UsageError("its predicate is true of no number; it could never hold")


@lru_cache(4096)
def _possible(predicate: Predicate, kinds: tuple[tuple[str, bool, Unit], ...]) -> frozenset[State]:
    """States that numbers can give a predicate: all, or two of which one is *holds*. A ratio lies above zero, and
    nothing measured lies below it. In every second trial values of one kind are alike: by chance alone several would
    hardly ever lie within a narrow margin together."""
    rng = random.Random(0)  # noqa: S311 trials, not a secret
    amounts = {term.number * term.unit.scale for term in asked(predicate) if isinstance(term, Amount)} | {0.0, 1.0}
    steps = {amount + step * max(abs(amount), 1e-3) for amount in amounts for step in (-2, -0.5, 0, 0.5, 2)}
    near = sorted(steps | {(one + other) / 2 for one, other in itertools.pairwise(sorted(amounts))})
    signed = any(term.number < 0 for term in asked(predicate) if isinstance(term, Amount))
    found: set[State] = set()
    for trial in range(_TRIALS):
        drawn: dict[tuple[bool, Unit], Bounds] = {}
        bounds: dict[str, Bounds] = {}
        for name, exact, unit in kinds:
            made = _trial(rng, near, exact, unit, signed=signed)
            bounds[name] = drawn.setdefault((exact, unit), made) if trial % 2 else made
        found.add(decide(predicate, bounds))
        if State.HOLDS in found and len(found) > 1:
            break
    return frozenset(found)


def _trial(rng: random.Random, near: list[float], exact: bool, unit: Unit, *, signed: bool) -> Bounds:
    ends = [one for one in near if signed or one > 0 or (one == 0 and unit != RATIO)]
    low, high = sorted((rng.choice(ends), rng.choice(ends)))
    if exact:
        high = low
    return Bounds(low / unit.scale, high / unit.scale, rng.choice((1, 5, 1000)), unit, exact=exact)


def _directions(predicate: Predicate) -> Iterator[tuple[str, int, float | None]]:
    """Which way each value is said to lie, and of which amount (in base units)."""
    for comparison in _comparisons(predicate):
        pairs = zip(itertools.pairwise(comparison.terms), comparison.operators, strict=True)
        for (left, right), sign in pairs:
            if sign[0] not in "<>":
                continue
            way = _UP if sign[0] == ">" else _DOWN
            for term, other, toward in ((left, right, way), (right, left, -way)):
                if isinstance(term, Bound) and term.part != "n":
                    amount = other.number * other.unit.scale if isinstance(other, Amount) else None
                    yield term.name, toward, amount


def _comparisons(predicate: Predicate) -> Iterator[Comparison]:
    if isinstance(predicate, Comparison):
        yield predicate
    else:
        for part in predicate.parts:
            yield from _comparisons(part)


def _demand_direction(parts: tuple[Piece, ...], values: Mapping[str, Value], predicate: Predicate) -> None:
    tested = list(_directions(predicate))
    for part in parts:
        if isinstance(part, Chosen):
            _demand_chosen(part, values[part.name], tested)
    for word in _unmeasured(parts):
        raise UsageError(
            f"the sentence says {word!r}, which no comparison tests; say such as faster, and show how much"
        )
    for word, sense in denials(_spoken(parts)):
        if any(_way(sense, values[name]) == toward for name, toward, _ in tested):
            raise UsageError(f"the sentence denies {word!r}, and its predicate tests it")
    for word, sense in comparatives(_spoken(parts)):
        ways = [(_way(sense, values[name]), toward) for name, toward, _ in tested]
        if not any(way == toward for way, toward in ways):
            what = "tests the opposite" if any(way for way, _ in ways) else "tests no such direction"
            raise UsageError(f"the sentence says {word!r}, and its predicate {what}")


def _demand_chosen(part: Chosen, value: Value, tested: list[tuple[str, int, float | None]]) -> None:
    for phrase, toward in ((part.above, _UP), (part.below, _DOWN)):
        sense = sense_of(phrase)
        if sense is None:
            raise UsageError(f"{phrase!r} is no comparative that the lexicon knows; use such as slower, more, later")
        way = _way(sense, value)
        if way is None:
            raise UsageError(f"{phrase!r} needs a metric of which one direction is better; say larger or smaller")
        if way != toward:
            side = "above" if toward == _UP else "below"
            raise UsageError(
                f"{phrase!r} is said where {part.name} lies {side} {part.reference:g}, which is its opposite"
            )
    if not is_neutral(part.neither):
        raise UsageError(f"{part.neither!r} is said where nothing is told apart, and claims a difference")
    reference = part.reference * value.unit.scale
    if not any(name == part.name and amount == reference for name, _, amount in tested):
        raise UsageError(f"its word compares {part.name} with {part.reference:g}, and its predicate does not")


def _way(sense: Sense, value: Value) -> int | None:
    if sense in (Sense.LARGER, Sense.SMALLER):
        return _UP if sense is Sense.LARGER else _DOWN
    wanted = better(value)
    return None if wanted is None else wanted if sense is Sense.BETTER else -wanted


def _spoken(parts: tuple[Piece, ...]) -> str:
    return " ".join(part.text for part in parts if isinstance(part, Words))


def _unmeasured(parts: tuple[Piece, ...]) -> Iterator[str]:
    """The words that say more than a direction, in the text and where data choose; a value makes one of *as fast*
    and of *grows with the power*."""
    said = "".join(part.text if isinstance(part, Words) else _VALUE for part in parts)
    chosen = (phrase for part in parts if isinstance(part, Chosen) for phrase in (part.above, part.below, part.neither))
    for text in (_MEASURED.sub(_VALUE, said), *chosen):
        yield from unmeasured(text)


def _demand_named(parts: tuple[Piece, ...], values: Mapping[str, Value], called: Called) -> None:
    """The factors in which two sides differ stand in the sentence, by their names or by a level."""
    literals = {part.text for part in parts if isinstance(part, Literal)}
    words = set(re.findall(r"[\w.-]+", _spoken(parts).lower()))
    for name, value in values.items():
        for factor, levels in compared(value):
            spoken = {factor.lower(), factor.lower().removesuffix("s"), factor.lower().replace("_", " ")}
            said = frozenset().union(levels, *(called.get(factor, {}).get(level, ()) for level in levels))
            if not (spoken & words or said & literals or {level.lower() for level in levels} & words):
                sides = ", ".join(sorted(levels))
                raise UsageError(f"{name} compares {factor} ({sides}), and the sentence names neither it nor a level")


def _demand_plain_beside(parts: tuple[Piece, ...]) -> None:
    for before, part, after in zip((None, *parts), parts, (*parts[1:], None), strict=False):
        if isinstance(part, Shown) and part.part in ("", "figure"):
            demand_plain(*(near.text if isinstance(near, Words) else "" for near in (before, after)))


def _demand_shown_constants(parts: tuple[Piece, ...], values: Mapping[str, Value]) -> None:
    shown = {part.text for part in parts if isinstance(part, Literal)}
    for name, value in values.items():
        for one in value.lineage():
            if one.operation == "constant" and one.number not in _PLAIN and one.figure not in shown:
                raise UsageError(f"{name} is computed with {one.figure}, which the sentence does not show")
