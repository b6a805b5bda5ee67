"""One value of a primary contrast for each block of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ..design import Primary
from .definition import PRESENT
from .runs import RunValues, select

Block = tuple[str, int]


def block_log_ratios(values: RunValues, primary: Primary, factors: Sequence[str]) -> dict[Block, float]:
    """The mean over cells of log(level / reference), by session and block.

    ``values`` are those of the primary's metric over all runs, ``factors`` the names of the study's. A cell counts in
    a block where both have a positive value; a block without such a cell has no value.
    """
    kept = select(values, {**dict(primary.where), primary.factor: [primary.level, primary.reference]})
    others = [name for name in factors if name != primary.factor]
    logs: dict[Block, dict[tuple[object, ...], dict[object, float]]] = defaultdict(lambda: defaultdict(dict))
    for k in np.flatnonzero((kept.reason == PRESENT) & (kept.values > 0)):
        block = str(kept.columns["session"][k]), int(kept.columns["block"][k])
        cell = tuple(kept.columns[name][k] for name in others)
        logs[block][cell][kept.columns[primary.factor][k]] = float(np.log(kept.values[k]))
    found = {}
    for block, cells in logs.items():
        differences = [
            pair[primary.level] - pair[primary.reference]
            for pair in cells.values()
            if {primary.level, primary.reference} <= pair.keys()
        ]
        if differences:
            found[block] = float(np.mean(differences))
    return found


def unit_log_ratios(
    values: RunValues, primary: Primary, factors: Sequence[str], sessions: Sequence[str], *, by_session: bool
) -> dict[str, float]:
    """One log ratio for each block of the named ``sessions``, or for each session: the mean over its blocks.

    The session is the unit of a dataset that has several, and the block where there is only one.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for (session, block), logarithm in block_log_ratios(values, primary, factors).items():
        if session in sessions:
            found[session if by_session else f"{session}/{block}"].append(logarithm)
    return {unit: float(np.mean(logarithms)) for unit, logarithms in found.items()}
