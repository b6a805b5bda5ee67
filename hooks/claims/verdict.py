"""What the data say of the sentence that is printed, whichever word they chose for it.

A predicate is written for one direction, and a sentence whose word comes from the data says what the data say: it may
print *slower than* where its predicate asks for *faster*. So a sentence with a chosen word is asked in both directions:
as it is, and with the compared value reflected at the amount that the word compares it with. It is *supported* where
one of the two holds, *contradicted* where neither can hold, and *not settled* otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import product

from .evaluate import Bounds, State, decide
from .predicate import Predicate
from .sentence import Chosen, Piece


class Verdict(StrEnum):
    """What stands beside a printed sentence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    OPEN = "not settled"


OF_STATE: Mapping[State, Verdict] = {
    State.HOLDS: Verdict.SUPPORTED,
    State.FAILS: Verdict.CONTRADICTED,
    State.INCONCLUSIVE: Verdict.OPEN,
}


def verdict(predicate: Predicate, parts: Iterable[Piece], bounds: Mapping[str, Bounds]) -> Verdict:
    """The verdict on the sentence of ``parts``."""
    chosen = [part for part in parts if isinstance(part, Chosen)]
    states = {decide(predicate, turned) for turned in _both_ways(chosen, bounds)}
    if State.HOLDS in states:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if states == {State.FAILS} else Verdict.OPEN


def _both_ways(chosen: list[Chosen], bounds: Mapping[str, Bounds]) -> Iterator[Mapping[str, Bounds]]:
    for reflected in product((False, True), repeat=len(chosen)):
        turned = [part for part, turn in zip(chosen, reflected, strict=True) if turn]
        yield {**bounds, **{part.name: _reflected(bounds[part.name], part.reference) for part in turned}}


def _reflected(bounds: Bounds, reference: float) -> Bounds:
    if bounds.low is None or bounds.high is None:
        return bounds
    return replace(bounds, low=2 * reference - bounds.high, high=2 * reference - bounds.low)


def asked_again(published: Verdict, state: State, other: State) -> str:
    """What another recording says of a printed sentence: ``state`` is that of the recording that it was printed for.

    A sentence that settled nothing says nothing that another recording could support: there it is *settled*.
    """
    if other is state:
        return str(published)
    if published is Verdict.OPEN:
        return "settled"
    opposite = {State.HOLDS: State.FAILS, State.FAILS: State.HOLDS}
    as_written = published is OF_STATE[state]
    return str(OF_STATE[other if as_written else opposite.get(other, other)])
