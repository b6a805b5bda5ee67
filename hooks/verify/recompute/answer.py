"""What the sealed files answer to a question, and which runs a question keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from harness.stats.intervals.interval import Interval
from harness.units import ONE, Unit

from ..reader.questions_json import Level, Where
from ..reader.samples import CannotAnswer, Samples
from ..reader.values_json import StatedInterval

OF_RUN = ("run_id", "cell_id", "replicate", "block", "position", "stratum", "engine", "engine_version")
Row = Mapping[str, Any]

_OVER_RUNS: Mapping[str, Callable[[list[float]], Any]] = {"mean": np.mean, "max": np.max}


@dataclass(frozen=True, slots=True)
class Answer:
    """``number`` is null where there is none. ``numbers`` has one entry per run kept, null where that has none, and
    ``blocks`` names the block (or the session, where there are several) of each. ``withheld`` tells that the session
    bears no interval. ``decimals`` are the digits that a source prints; null where none does.
    ``ratios`` are those of the blocks of a ratio of levels.
    """

    number: float | None
    n: int | None
    unit: Unit = ONE
    meaning: str = ""
    cells: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    numbers: tuple[float | None, ...] = ()
    blocks: tuple[str, ...] = ()
    withheld: bool = False
    statistic: str = ""
    interval: StatedInterval | None = None
    decimals: int | None = None
    ratios: tuple[float, ...] = ()

    @property
    def by_block(self) -> list[float]:
        """The number of each block: the statistic over those of its runs."""
        return list(self.of_blocks.values())

    @property
    def of_blocks(self) -> dict[str, float]:
        """The same by the names of the blocks."""
        over: dict[str, list[float]] = {}
        for block, number in zip(self.blocks, self.numbers, strict=True):
            if number is not None:
                over.setdefault(block, []).append(number)
        reduce = _OVER_RUNS.get(self.statistic, median)
        return {block: float(reduce(found)) for block, found in over.items()}


def kept(samples: Samples, where: Where) -> list[Row]:
    """The runs whose columns have one of the levels. Raises ``CannotAnswer`` for a column that they do not have."""
    return samples.once(("kept", repr(where)), lambda: _kept(samples, where))


def _kept(samples: Samples, where: Where) -> list[Row]:
    columns = {name: name if name in OF_RUN else f"level.{name}" for name in where}
    unknown = [name for name, column in columns.items() if samples.runs and column not in samples.runs[0]]
    if unknown:
        raise CannotAnswer(f"the runs have no column {unknown[0]}")
    rows: Sequence[Row] = samples.runs
    for name, levels in where.items():
        column, wanted = columns[name], frozenset(map(_level, levels))
        rows = [row for row in rows if _level(row[column]) in wanted]
    return list(rows)


def block_of(samples: Samples, row: Row) -> str:
    """What counts once of a run: its session where there are several, or its block."""
    unit = str(row["run_id"]).rpartition("/")[0] if len(samples.designs) > 1 else row["block"]
    return f"{samples.digest} {unit}"


def _level(level: Level) -> tuple[bool, Level]:
    """What tells a level from others: ``True`` is not 1, and 1.0 is."""
    return isinstance(level, bool), level


def stated(found: Interval | None) -> StatedInterval | None:
    """An interval as a page states it."""
    if found is None:
        return None
    return StatedInterval(low=found.low, high=found.high, level=found.level, method=found.method)
