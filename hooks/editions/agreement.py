"""Two recordings of one study beside each other: which claims hold in both, and which findings agree.

A claim is asked of each recording by itself. Nothing is pooled, and nothing is said of why two recordings differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from harness.design import level_key

from ..claims.claim import AnyClaim, Claim
from ..claims.evaluate import State, exact
from ..content.blocks import Content
from ..text.naming import level_text
from ..values.evidence import Level
from ..values.questions import PairedQuestion
from ..values.value import Value, by_id


class Compared(StrEnum):
    """What two recordings say of one finding."""

    OVERLAP = "intervals overlap"
    HIGHER = "higher there"
    LOWER = "lower there"
    FLIPPED = "the verdict flips"
    EQUAL = "equal"
    DIFFERENT = "different"
    NO_INTERVAL = "no interval to compare"
    HERE_ONLY = "no number there"
    THERE_ONLY = "no number here"
    NEITHER = "no number"


class Agreement(StrEnum):
    """What two recordings say of one claim."""

    SAME = "same state"
    DIFFERENT = "another state"
    HERE_ONLY = "cannot be computed there"


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """A claim as the published recording and another one decide it.

    ``there`` is null where the other one cannot be asked; ``why`` are the levels that it lacks, as (factor, level), and
    ``unlike`` tells that a claim of that name is made there of other cells.
    """

    name: str
    here: AnyClaim
    there: AnyClaim | None
    why: tuple[tuple[str, str], ...] = ()
    unlike: bool = False

    @property
    def agreement(self) -> Agreement:
        if self.there is None:
            return Agreement.HERE_ONLY
        return Agreement.SAME if self.there.state is self.here.state else Agreement.DIFFERENT

    @property
    def holds(self) -> bool:
        """Whether it holds in both."""
        return self.there is not None and self.here.state is State.HOLDS and self.there.state is State.HOLDS


@dataclass(frozen=True, slots=True)
class FindingPair:
    """A finding in both recordings; null where one does not have it."""

    name: str
    here: Value | None
    there: Value | None

    @property
    def compared(self) -> Compared:
        return compare(self.here, self.there)


def claim_pairs(here: Content, there: Content, suffix: str) -> tuple[ClaimPair, ...]:
    """Every claim of the published content; the other's get ``suffix`` in their ids, so that both fit on one page."""
    return tuple(_claim_pair(name, claim, there, suffix) for name, claim in here.claims.items())


def _claim_pair(name: str, here: AnyClaim, there: Content, suffix: str) -> ClaimPair:
    other = there.claims.get(name)
    if other is None or not _same_question(here, other):
        lacking = tuple(_lacking(here.values.values(), there.levels))
        return ClaimPair(name, here, None, lacking, unlike=other is not None)
    return ClaimPair(name, here, replace(other, id=f"{other.id}-{suffix}"))


def _same_question(one: AnyClaim, other: AnyClaim) -> bool:
    if isinstance(one, Claim) and isinstance(other, Claim):
        return one.predicate == other.predicate and one.values.keys() == other.values.keys()
    return type(one) is type(other) and one.values.keys() == other.values.keys()


def _lacking(values: Iterable[Value], recorded: Mapping[str, tuple[Level, ...]]) -> Iterator[tuple[str, str]]:
    """The levels that ``values`` ask for and that were not recorded."""
    there = {(factor, level_key(level)) for factor, levels in recorded.items() for level in levels}
    asked = {(factor, level_key(level)): level for factor, level in _levels(values)}
    yield from ((key[0], level_text(level)) for key, level in asked.items() if key not in there)


def _levels(values: Iterable[Value]) -> Iterator[tuple[str, Level]]:
    for value in by_id(values).values():
        if value.question:
            yield from ((factor, level) for factor, levels in value.question.where for level in levels)
        if isinstance(value.question, PairedQuestion):
            yield from ((value.question.factor, level) for level in (value.question.level, value.question.reference))


def finding_pairs(here: Mapping[str, Value], there: Mapping[str, Value]) -> tuple[FindingPair, ...]:
    """Every finding of either, those of the published recording first."""
    return tuple(FindingPair(name, here.get(name), there.get(name)) for name in dict.fromkeys([*here, *there]))


def compare(here: Value | None, there: Value | None) -> Compared:
    """What two values of one question say beside each other. Both are in the same unit or in multiples of it."""
    known = [value is not None and value.number is not None for value in (here, there)]
    if here is None or there is None or not all(known):
        return Compared.HERE_ONLY if known[0] else Compared.THERE_ONLY if known[1] else Compared.NEITHER
    if exact(here) and exact(there):
        return Compared.EQUAL if _base(here, here.number) == _base(there, there.number) else Compared.DIFFERENT
    if here.interval is None or there.interval is None:
        return Compared.NO_INTERVAL
    low, high = (_base(here, end) for end in (here.interval.low, here.interval.high))
    other_low, other_high = (_base(there, end) for end in (there.interval.low, there.interval.high))
    if low <= other_high and other_low <= high:
        return Compared.OVERLAP
    line = no_difference(here)
    if line is not None and (high < line < other_low or other_high < line < low):
        return Compared.FLIPPED
    return Compared.HIGHER if other_low > high else Compared.LOWER


def _base(value: Value, number: float | None) -> float:
    return (number or 0.0) * value.unit.scale


def no_difference(value: Value) -> float | None:
    """What a comparison of one metric gives where there is no difference; null for a value that compares nothing."""
    if value.question:
        return 1.0 if isinstance(value.question, PairedQuestion) else None
    subjects = [parent.question.subject if parent.question else None for parent in value.parents]
    if len(subjects) != 2 or subjects[0] is None or subjects[0] != subjects[1]:
        return None
    return {"/": 1.0, "-": 0.0}.get(value.operation)
