"""Which agents work at the same time, and in which order: the rounds of a run."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..design.load import AgentTasks
from ..design.settings import AgentSettings
from ..events import Phase


@dataclass(frozen=True, slots=True)
class Round:
    """The places of the agents that have a task at the same time, and why they have it."""

    phase: Phase
    places: tuple[int, ...]


def rounds(load: AgentTasks, warmup: int, order: str) -> Iterator[Round]:
    """A cold round, the warm-up rounds, then the measured ones.

    With baselines each measured task is one of as many rounds as there are agents, alone, and one of all together: next
    to each other and in random order, so that drift and a warm server favour none. ``order`` seeds it.
    """
    everybody = tuple(range(load.agents))
    alone = [(place,) for place in everybody] if load.baselines and load.agents > 1 else []
    shuffled = random.Random(order)  # noqa: S311 - an order of rounds, not a secret
    for phase in [Phase.COLD, *[Phase.WARMUP] * warmup]:
        yield Round(phase, everybody)
    for _ in range(load.tasks):
        side_by_side = [*alone, everybody]
        shuffled.shuffle(side_by_side)
        for places in side_by_side:
            yield Round(Phase.MEASURED, places)


def processes(load: AgentTasks, agents: Sequence[AgentSettings], places: Sequence[int]) -> list[tuple[int, ...]]:
    """The places of a round by the process that they share."""
    if load.isolation == "processes":
        return [(place,) for place in places]
    by_program: dict[tuple[object, ...], list[int]] = {}
    for place in places:
        asked = agents[place]
        by_program.setdefault((asked.language, asked.runtime, *sorted(asked.own.items())), []).append(place)
    return [tuple(group) for group in by_program.values()]
