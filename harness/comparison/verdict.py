"""Whether the conditions of a build hold: met, not met, or not to be judged because a number is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .condition import Condition
from .ratios import Ratio


class State(StrEnum):
    """What became of a condition at one cell."""

    HOLDS = "holds"
    HOLDS_NOT = "does not hold"
    UNKNOWN = "cannot be judged"


EXIT_HOLDS, EXIT_UNKNOWN = 10, 20
"""Exit codes: a condition holds, or none does and one cannot be judged."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition at one cell, with the number that it was judged by."""

    condition: Condition
    ratio: Ratio
    state: State


def judged(conditions: Iterable[Condition], found: Sequence[Ratio]) -> Iterator[Judged]:
    """Each condition at each cell."""
    for condition in conditions:
        for ratio in found:
            if ratio.asked == condition.asked:
                number = ratio.part(condition.part)
                said = State.UNKNOWN if number is None else _state(condition, number)
                yield Judged(condition, ratio, said)


def _state(condition: Condition, number: float) -> State:
    return State.HOLDS if condition.holds(number) else State.HOLDS_NOT


def exit_code(found: Iterable[Judged]) -> int:
    """0 where no condition holds and all can be judged."""
    states = {one.state for one in found}
    if State.HOLDS in states:
        return EXIT_HOLDS
    return EXIT_UNKNOWN if State.UNKNOWN in states else 0
