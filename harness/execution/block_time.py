"""How long a block of a study takes, and each of its profiles, from what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
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
    cells = _cells(study, PROFILE)
    limit = len(cells) * study.profile(PROFILE).run_timeout_s / 60
    for ref in reversed(sealed(data, study.id)):
        minutes = _of_cells(_recorded(ref), cells) if ref.profile == PROFILE else None
        if minutes is not None:
            return BlockTime(minutes, ref.label, limit)
    return BlockTime(None, None, limit)


def profile_minutes(study: Study, data: Path) -> dict[str, float | None]:
    """The minutes that each profile takes, by the newest dataset that has all of its cells; null where none has."""
    found: dict[str, float | None] = {profile.name: None for profile in study.profiles}
    for ref in reversed(sealed(data, study.id)):
        if None not in found.values():
            break
        lasts = _recorded(ref)
        for profile in study.profiles:
            once = _of_cells(lasts, _cells(study, profile.name))
            if found[profile.name] is None and once is not None:
                found[profile.name] = once * profile.runs
    return found


def _cells(study: Study, profile: str) -> set[str]:
    return {cell.id for cell in study.matrix(profile).cells()}


def _of_cells(lasts: Mapping[str, float], cells: set[str]) -> float | None:
    """Minutes of one run of each cell; null where one of them is not recorded."""
    return sum(lasts[cell] for cell in cells) / 60e9 if cells <= lasts.keys() else None


def _recorded(ref: Ref) -> dict[str, float]:
    """Nanoseconds that a run of each cell takes: the cell's median duration, and the median pause after a run, so that
    an interruption in between counts for nothing."""
    columns = ("cell_id", "started_unix_ns", "duration_ns")
    names, starts, lasted = (
        np.asarray(column.to_pylist()) for column in Dataset.open(ref.path, verify=False).table("runs", columns).columns
    )
    order = np.argsort(starts)
    pauses = np.maximum(0, np.diff(starts[order]) - lasted[order][:-1])
    pause = float(np.median(pauses)) if len(pauses) else 0.0
    return {str(cell): float(np.median(lasted[names == cell])) + pause for cell in np.unique(names)}
