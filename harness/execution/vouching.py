"""A calibration that vouches for the client, taken again where the machine spoiled one.

One that fails its own audit judges no run. Its journal is set aside and not sealed: as a recording it would keep the
next one away for an hour. The one that is sealed says how many were set aside before it, and for what.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..datasets.read import Dataset
from ..errors import RunsFailed, Unavailable
from ..events import Scalar
from ..recorder.seal import Sealed, seal_recording
from ..units import counted
from ..validity.audit import objections
from .calibration_choice import set_aside
from .recording_session import Session

SET_ASIDE, SET_ASIDE_FOR = "set_aside", "set_aside_for"
"""The facts of a session that say how many calibrations of the same command did not vouch, and why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A block whose runs are in the journal of its session, and what is known of that session."""

    session: Session
    facts: dict[str, Scalar]


def until_one_vouches(
    take: Callable[[float], Taken],
    wait_s: float,
    data: Path,
    say: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
) -> Sealed:
    """Takes calibrations until one vouches, which is sealed under ``data``; begins none ``wait_s`` after the first.

    ``take`` waits so many seconds for a quiet machine and raises ``Unavailable`` where it does not become quiet. After
    a first calibration that only ends the waiting. Raises ``RunsFailed`` where none vouches.
    """
    against: list[str] = []
    left, until = wait_s, math.inf
    while not against or left > 0:
        try:
            taken = take(left)
        except Unavailable as error:
            if not against:
                raise
            say(f"No further calibration: {error}.")
            break
        facts = taken.facts | ({SET_ASIDE: len(against), SET_ASIDE_FOR: " | ".join(against)} if against else {})
        objection = _objection(taken.session, facts)
        if not objection:
            return seal_recording(taken.session.journal, data, facts)
        set_aside(taken.session)
        if not against:
            until = clock() + wait_s
        against.append(objection)
        left = until - clock()
        further = f"; another is begun within {math.ceil(left / 60)} min" if left > 0 else ""
        say(f"This calibration vouches for nothing: {objection}. It is set aside{further}.")
    raise RunsFailed(f"none of {counted(len(against), 'calibration')} vouches for the client, so none is sealed")


def _objection(session: Session, facts: dict[str, Scalar]) -> str:
    """Why the calibration in a journal vouches for nothing, found before it is a recording; empty where it vouches."""
    with TemporaryDirectory(dir=session.folder) as folder:
        trial = Path(folder)
        try:
            found = Dataset.open(seal_recording(session.journal, trial, facts).path)
        except RunsFailed as error:
            return str(error)
        return "; ".join(f"{row.rule}: {row.evidence}" for row in objections(found, trial))
