"""What a study could conclude from a number of sessions, by what is recorded so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..datasets.catalog import Ref, versions
from ..datasets.read import Dataset
from ..design import Primary, Study
from ..metrics.primaries import block_log_ratios
from ..metrics.runs import per_run
from ..stats.comparison.sessions import (
    detectable_ratio,
    equivalence_margin,
    sessions_needed,
    sessions_to_find,
    upper_sd,
)
from ..units import counted
from .block import PROFILE, sessions


@dataclass(frozen=True, slots=True)
class Prospect:
    """What ``sessions`` would show of a primary, in four of five such studies. ``detectable`` is the smallest ratio
    that they would find, ``margin`` the smallest within which they would show equal levels to be equivalent,
    ``to_find`` the sessions that find the smallest ratio of interest (null also where no sensible number does).

    ``fewest`` sessions are needed for a sign or rank test, whatever the spread. ``spread`` is the upper bound of the
    standard deviation of one session's log ratio, from ``values`` values; ``source`` says what they are. Null with the
    ``reason`` where nothing is known of it.
    """

    primary: Primary
    sessions: int
    fewest: int
    values: int
    source: str
    spread: float | None = None
    detectable: float | None = None
    margin: float | None = None
    to_find: int | None = None
    reason: str = ""


def prospects(study: Study, data: Path, count: int) -> Iterator[Prospect]:
    """One for each primary, corrected for all primaries of its family."""
    for primary in study.primaries:
        family = sum(other.family == primary.family for other in study.primaries)
        found, source = _values(study, primary, data)
        known = Prospect(primary, count, sessions_needed(family), len(found), source)
        if len(found) < 2:
            reason = "nothing is recorded that tells its spread" if not found else "one value tells no spread"
            yield replace(known, reason=reason)
            continue
        spread, alpha = upper_sd(float(np.std(found, ddof=1)), len(found)), 0.05 / family
        yield replace(
            known,
            spread=spread,
            detectable=detectable_ratio(spread, count, alpha),
            margin=equivalence_margin(spread, count, alpha),
            to_find=sessions_to_find(primary.smallest, spread, alpha),
        )


def _values(study: Study, primary: Primary, data: Path) -> tuple[Sequence[float], str]:
    """One log ratio per session; while there are fewer than two sessions, per block of the newest version."""
    refs = sessions(study, data)
    by_session = [value for ref in refs for value in _log_ratios(ref, study, primary).values()]
    if len(by_session) >= 2:
        return by_session, counted(len(refs), "session")
    for ref in reversed(versions(data, study.id)):
        if ref.profile == PROFILE and (found := _log_ratios(ref, study, primary)):
            blocks = counted(len(found), "block")
            return list(found.values()), f"{blocks} of {ref.label}, one session: perhaps too small"
    return by_session, counted(len(refs), "session")


def _log_ratios(ref: Ref, study: Study, primary: Primary) -> dict[tuple[str, int], float]:
    dataset = Dataset.open(ref.path, verify=False)
    values = per_run(dataset.runs, dataset.requests, primary.metric, within=primary.within, tables=dataset)
    return block_log_ratios(values, primary, [factor.name for factor in study.factors])
