"""The order of runs: randomised complete blocks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import StudyError
from .factor import Cell

MOST_RUNS = 1_000_000


@dataclass(frozen=True, slots=True)
class Planned:
    """One run that the executor will make: a cell's replicate at a place in the order."""

    run_id: str
    cell: Cell
    replicate: int
    block: int
    position: int


def plan(cells: tuple[Cell, ...], runs: int, seed: int) -> tuple[Planned, ...]:
    """A randomised complete block design: every block holds each cell once, in its own seeded order.

    Drift over the session therefore hits all cells alike. The same arguments give the same plan. Raises ``StudyError``
    for more runs than a plan can hold.
    """
    check_runs(len(cells), runs)
    return tuple(_blocks(cells, runs, seed))


def listed(cells: tuple[Cell, ...], runs: int) -> tuple[Planned, ...]:
    """The runs of each cell one after another, as another tool made them. Raises as ``plan``."""
    check_runs(len(cells), runs)
    places = ((cell_id, cell, block) for cell_id, cell in ((cell.id, cell) for cell in cells) for block in range(runs))
    return tuple(Planned(f"{name}-{block:03d}", cell, block, block, k) for k, (name, cell, block) in enumerate(places))


def check_runs(cells: int, runs: int) -> None:
    """Raises ``StudyError`` where ``runs`` of each cell are more than a plan can hold in memory."""
    if cells * runs > MOST_RUNS:
        raise StudyError(
            f"{cells} cells with {runs} runs each are {cells * runs} runs, the limit is {MOST_RUNS}: a plan is held in "
            "memory; set fewer runs"
        )


def _blocks(cells: tuple[Cell, ...], runs: int, seed: int) -> Iterator[Planned]:
    rng = random.Random(seed)  # noqa: S311 an order of runs, not a secret
    position = 0
    by_id = sorted(((cell.id, cell) for cell in cells), key=lambda pair: pair[0])
    for block in range(runs):
        order = by_id.copy()
        rng.shuffle(order)
        for cell_id, cell in order:
            yield Planned(f"{cell_id}-{block:03d}", cell, block, block, position)
            position += 1
