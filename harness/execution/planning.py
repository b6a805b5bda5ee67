"""What a study could conclude, and how long a session of it takes, from what is recorded so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from ..datasets.catalog import Ref, recordings, versions
from ..datasets.read import Dataset
from ..design import Primary, Study
from ..metrics.primaries import block_log_ratios
from ..metrics.runs import per_run
from ..stats.comparison.sessions import detectable_ratio, upper_sd
from .block import PROFILE, sessions


@dataclass(frozen=True, slots=True)
class Prospect:
    """What ``sessions`` would show of a primary. ``detectable`` is the smallest ratio that four of five such studies
    would find, null with the ``reason`` where nothing is known of its spread.

    ``spread`` is the upper bound of the standard deviation of one session's log ratio, from ``values`` values;
    ``source`` says what they are.
    """

    primary: Primary
    sessions: int
    spread: float | None
    detectable: float | None
    values: int
    source: str
    reason: str = ""


def prospects(study: Study, data: Path, count: int) -> Iterator[Prospect]:
    """One for each primary, corrected for all primaries of its family."""
    for primary in study.primaries:
        family = sum(other.family == primary.family for other in study.primaries)
        found, source = _values(study, primary, data)
        if len(found) < 2:
            reason = "nothing is recorded that tells its spread" if not found else "one value tells no spread"
            yield Prospect(primary, count, None, None, len(found), source, reason)
            continue
        spread = upper_sd(float(np.std(found, ddof=1)), len(found))
        yield Prospect(primary, count, spread, detectable_ratio(spread, count, 0.05 / family), len(found), source)


def _values(study: Study, primary: Primary, data: Path) -> tuple[Sequence[float], str]:
    """One log ratio per session; while there are fewer than two sessions, per block of the newest version."""
    refs = sessions(study, data)
    by_session = [value for ref in refs for value in _log_ratios(ref, study, primary).values()]
    if len(by_session) >= 2:
        return by_session, f"{len(refs)} sessions"
    for ref in reversed(versions(data, study.id)):
        if ref.profile == PROFILE and (found := _log_ratios(ref, study, primary)):
            return list(found.values()), f"{len(found)} blocks of {ref.label}, one session: perhaps too small"
    return by_session, f"{len(by_session)} sessions"


def _log_ratios(ref: Ref, study: Study, primary: Primary) -> dict[tuple[str, int], float]:
    dataset = Dataset.open(ref.path, verify=False)
    values = per_run(dataset.runs, dataset.requests, primary.metric, within=primary.within, tables=dataset)
    return block_log_ratios(values, primary, [factor.name for factor in study.factors])


def block_minutes(study: Study, data: Path) -> float | None:
    """Minutes that a block took when it was recorded last; null where none was."""
    recorded = [*versions(data, study.id), *recordings(data, study.id)]
    for ref in reversed(recorded):
        if ref.profile == PROFILE:
            runs = Dataset.open(ref.path, verify=False).table("runs", ("block", "started_unix_ns", "duration_ns"))
            ends = pc.add(runs["started_unix_ns"], runs["duration_ns"])
            span = pc.max(ends).as_py() - pc.min(runs["started_unix_ns"]).as_py()
            blocks = pc.count_distinct(runs["block"]).as_py()
            return float(span) / blocks / 60e9 if math.isfinite(span) else None
    return None
