"""Rules about the order of runs: time must not be confounded with treatment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ...units import counted
from ..flags import Flag
from .row import Row, Severity, judged, unknown
from .subject import Subject


def blocked(subject: Subject) -> Iterator[Row]:
    """Each block holds each cell once, and blocks follow one another."""
    blocks: dict[int, list[str]] = defaultdict(list)
    order = []
    for run in subject.runs:
        blocks[run.block].append(run.cell_id)
        order.append(run.block)
    cells = {run.cell_id for run in subject.runs}
    whole = sum(len(held) == len(cells) and set(held) == cells for held in blocks.values())
    in_sequence = order == sorted(order)
    broken = whole < len(blocks) or not in_sequence
    said = f"{whole} of {len(blocks)} blocks hold each of {len(cells)} cells once"
    if not in_sequence:
        said += ", and blocks overlap in time"
    yield judged(Flag.ORDER_NOT_BLOCKED.value, broken, Severity.ERROR, said)


def randomised(subject: Subject) -> Iterator[Row]:
    """The order within a block differs from block to block."""
    blocks: dict[int, list[str]] = defaultdict(list)
    for run in subject.runs:
        blocks[run.block].append(run.cell_id)
    orders = {tuple(held) for held in blocks.values()}
    if len(blocks) < 2 or max(map(len, orders)) < 3:
        yield unknown("order_randomised", "too few blocks or cells to tell")
        return
    seeds = ", ".join(str(one.manifest.order_seed) for one in subject.dataset.recordings)
    said = f"{counted(len(orders), 'different order')} in {counted(len(blocks), 'block')}, seed {seeds}"
    yield judged("order_randomised", len(orders) < 2, Severity.ERROR, said)
