"""Which numbers may stand on one chart: the guard of every chart that crosses reports.

Numbers of another metric, version or unit are another quantity and are refused. Numbers from other hardware, another
scenario or another engine may be looked at side by side, but not compared: they are marked with what differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from ..values.value import Value

REFUSING = ("metric", "unit")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What must be equal for two numbers to be comparable. ``metric`` is the id with its version."""

    metric: str
    unit: str
    hardware: str
    scenario: str
    engine: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate for a chart; ``other_recording`` where it is not of the published one."""

    label: str
    dataset: str
    value: Value
    circumstances: Circumstances
    other_recording: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate and the circumstances in which it differs from the reference."""

    candidate: Candidate
    differs: tuple[str, ...]

    @property
    def refused(self) -> bool:
        """Whether it is another quantity."""
        return any(name in REFUSING for name in self.differs)

    @property
    def comparable(self) -> bool:
        return not self.differs


def guard(candidates: Sequence[Candidate]) -> tuple[Judged, ...]:
    """Every candidate against the circumstances that most of them share (among equals, those of the first)."""
    counts = Counter(candidate.circumstances for candidate in candidates)
    if not counts:
        return ()
    reference = counts.most_common(1)[0][0]
    return tuple(Judged(candidate, differences(candidate.circumstances, reference)) for candidate in candidates)


def differences(one: Circumstances, other: Circumstances) -> tuple[str, ...]:
    """The names of the circumstances that differ."""
    return tuple(field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name))
