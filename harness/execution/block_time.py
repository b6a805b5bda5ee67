"""How long a block of a study takes, from what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..datasets.catalog import Ref, sealed
from ..datasets.read import Dataset
from ..design import Study
from .block import PROFILE


@dataclass(frozen=True, slots=True)
class BlockTime:
    """Minutes that a block takes, by the dataset ``source``; both are null before the first one is recorded.

    ``limit`` are the minutes that the time limits of its runs permit at most: they end a run that hangs, and say
    nothing of how long a block takes.
    """

    minutes: float | None
    source: str | None
    limit: float

    @property
    def text(self) -> str:
        """``1.7 min``, or ``unknown before its first block (limit 96 min)``."""
        if self.minutes is None:
            return f"unknown before its first block (limit {self.limit:.0f} min)"
        return f"{self.minutes:.1f} min"


def block_time(study: Study, data: Path) -> BlockTime:
    """From the newest dataset of the profile that has every cell of the study as it is declared today."""
    cells = {cell.id for cell in study.matrix(PROFILE).cells()}
    limit = len(cells) * study.profile(PROFILE).run_timeout_s / 60
    for ref in reversed(sealed(data, study.id)):
        minutes = _recorded(ref, cells) if ref.profile == PROFILE else None
        if minutes is not None:
            return BlockTime(minutes, ref.label, limit)
    return BlockTime(None, None, limit)


def _recorded(ref: Ref, cells: set[str]) -> float | None:
    """Each cell's median duration, and the median pause after a run: an interruption in between counts for nothing."""
    columns = ("cell_id", "started_unix_ns", "duration_ns")
    names, starts, lasted = (
        np.asarray(column.to_pylist()) for column in Dataset.open(ref.path, verify=False).table("runs", columns).columns
    )
    if not cells <= set(names.tolist()):
        return None
    order = np.argsort(starts)
    pauses = np.maximum(0, np.diff(starts[order]) - lasted[order][:-1])
    runs = sum(float(np.median(lasted[names == cell])) for cell in cells)
    pause = float(np.median(pauses)) if len(pauses) else 0.0
    return (runs + len(cells) * pause) / 60e9
