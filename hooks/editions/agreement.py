"""Two recordings of one study compared: which claims hold in both, and which findings agree.

A claim is asked of each recording by itself. Nothing is pooled, and nothing is said of why two recordings differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from harness.design import level_key

from ..claims.claim import AnyClaim, Claim
from ..claims.evaluate import exact
from ..claims.verdict import asked_again
from ..content.blocks import Content
from ..text.naming import level_text
from ..values.evidence import Level
from ..values.questions import PairedQuestion
from ..values.value import Value, by_id


class Compared(StrEnum):
    """What two recordings say of one finding."""

    OVERLAP = "intervals overlap"
    HIGHER = "higher in the other"
    LOWER = "lower in the other"
    FLIPPED = "the verdict flips"
    EQUAL = "equal"
    DIFFERENT = "different"
    NO_INTERVAL = "no interval to compare"
    PUBLISHED_ONLY = "no number in the other"
    OTHER_ONLY = "no number in the published"
    NEITHER = "no number"


class Agreement(StrEnum):
    """What two recordings say of one claim."""

    SAME = "the same"
    DIFFERENT = "another answer"
    PUBLISHED_ONLY = "cannot be computed from the other"


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """A claim as the published recording and another one decide it.

    ``other`` is null where the other one cannot be asked; ``lacking`` are the levels that it lacks, as (factor, level),
    and ``unlike`` tells that its claim of that name is about other cells.
    """

    name: str
    published: AnyClaim
    other: AnyClaim | None
    lacking: tuple[tuple[str, str], ...] = ()
    unlike: bool = False

    @property
    def agreement(self) -> Agreement:
        if self.other is None:
            return Agreement.PUBLISHED_ONLY
        return Agreement.SAME if self.other.state is self.published.state else Agreement.DIFFERENT

    @property
    def said(self) -> str | None:
        """What the other recording says of the published sentence; null where it cannot be asked."""
        if self.other is None:
            return None
        return asked_again(self.published.verdict, self.published.state, self.other.state)


@dataclass(frozen=True, slots=True)
class FindingPair:
    """A finding in both recordings; null where one does not have it."""

    name: str
    published: Value | None
    other: Value | None

    @property
    def compared(self) -> Compared:
        return compare(self.published, self.other)


def claim_pairs(published: Content, other: Content, suffix: str) -> tuple[ClaimPair, ...]:
    """Every claim of the published content; the other's get ``suffix`` in their ids, so that both fit on one page."""
    return tuple(_claim_pair(name, claim, other, suffix) for name, claim in published.claims.items())


def _claim_pair(name: str, published: AnyClaim, other: Content, suffix: str) -> ClaimPair:
    claim = other.claims.get(name)
    if claim is None or not _same_question(published, claim):
        lacking = tuple(_lacking(published.values.values(), other.levels))
        return ClaimPair(name, published, None, lacking, unlike=claim is not None)
    return ClaimPair(name, published, replace(claim, id=f"{claim.id}-{suffix}"))


def _same_question(one: AnyClaim, other: AnyClaim) -> bool:
    if isinstance(one, Claim) and isinstance(other, Claim):
        return one.predicate == other.predicate and one.values.keys() == other.values.keys()
    return type(one) is type(other) and one.values.keys() == other.values.keys()


def _lacking(values: Iterable[Value], levels: Mapping[str, tuple[Level, ...]]) -> Iterator[tuple[str, str]]:
    """The levels that ``values`` ask for and that are not among the recorded ``levels``."""
    recorded = {(factor, level_key(level)) for factor, of_factor in levels.items() for level in of_factor}
    asked = {(factor, level_key(level)): level for factor, level in _levels(values)}
    yield from ((key[0], level_text(level)) for key, level in asked.items() if key not in recorded)


def _levels(values: Iterable[Value]) -> Iterator[tuple[str, Level]]:
    for value in by_id(values).values():
        if value.question:
            yield from ((factor, level) for factor, levels in value.question.where for level in levels)
        if isinstance(value.question, PairedQuestion):
            yield from ((value.question.factor, level) for level in (value.question.level, value.question.reference))


def finding_pairs(published: Mapping[str, Value], other: Mapping[str, Value]) -> tuple[FindingPair, ...]:
    """Every finding of either, those of the published recording first."""
    names = dict.fromkeys([*published, *other])
    return tuple(FindingPair(name, published.get(name), other.get(name)) for name in names)


def compare(published: Value | None, other: Value | None) -> Compared:
    """What two values of one question say together. Both are in the same unit or in multiples of it."""
    known = [value is not None and value.number is not None for value in (published, other)]
    if published is None or other is None or not all(known):
        return Compared.PUBLISHED_ONLY if known[0] else Compared.OTHER_ONLY if known[1] else Compared.NEITHER
    if exact(published) and exact(other):
        same = _base(published, published.number) == _base(other, other.number)
        return Compared.EQUAL if same else Compared.DIFFERENT
    if published.interval is None or other.interval is None:
        return Compared.NO_INTERVAL
    low, high = (_base(published, end) for end in (published.interval.low, published.interval.high))
    other_low, other_high = (_base(other, end) for end in (other.interval.low, other.interval.high))
    if low <= other_high and other_low <= high:
        return Compared.OVERLAP
    line = no_difference(published)
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
