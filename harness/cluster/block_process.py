"""Records one block in a process of its own on its host, seals it there and packs it.

A host that was asked for the block before goes on where its journal ends; a block that is sealed is only packed again.
So the same order may be given any number of times.
"""

from __future__ import annotations

import math
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..calibration.lookup import STUDY as CALIBRATION
from ..datasets import catalog
from ..datasets.catalog import Ref
from ..errors import BinderyError, DataError, LockHeld, Unavailable, UsageError
from ..execution.block import ENDED, may_continue, wait_s
from ..execution.calibration_choice import envelope_for, sealed_from
from ..execution.executor import execute
from ..execution.recording_session import Session
from ..probes import environment
from ..processes.parent import Parent
from ..processes.parent_death import die_with_parent
from ..recorder.archive import pack
from ..recorder.durable import advice
from ..recorder.seal import seal_recording
from .order import BLOCK_FACT, HOST_FACT, Answer, Order

DATA, STATE = Path("data"), Path(".bindery")
"""Where a host keeps what it records, from the folder in which Ray was started, unless its environment says."""

_ENDING_S = 120
"""Seconds within which an earlier process of the same block ends."""


def recorded(order: Order, data: Path, state: Path) -> Answer:
    """Records what is missing of the block. Raises ``Unavailable`` where this host may not begin a session yet,
    ``UsageError`` where its code declares another study, and as ``execute`` and ``seal_recording`` do."""
    if order.study.fingerprint() != order.fingerprint:
        raise UsageError(f"its code reads {order.study.id} as another study; install the same version there")
    folder = state / "placed" / order.block
    session = Session(order.study, order.study.profile(order.profile), order.only, folder, block_seed=order.seed)
    notes: list[str] = []
    ref = sealed_from(session, data) or _sealed_now(session, order, data, notes)
    target = folder / f"{order.study.id}.tar"
    target.unlink(missing_ok=True)
    pack(data, ref, target)
    return Answer(str(target.resolve()), tuple(notes))


def _sealed_now(session: Session, order: Order, data: Path, notes: list[str]) -> Ref:
    facts, now = environment.facts(), datetime.now(UTC)
    why = may_continue(session, data, facts, now)
    if why:
        notes.append(f"the block that was begun is set aside, for {why}; it began anew")
    if not session.journal.exists() and (minutes := math.ceil(wait_s(order.study, data, facts, now) / 60)):
        raise Unavailable(f"it recorded a session of {order.study.id} less than an hour ago; wait {minutes} min")
    if order.study.id != CALIBRATION:
        envelope, warning = envelope_for(session, data)
        session = replace(session, envelope=envelope)
        notes += [warning] if warning else []
    _execute(session)
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    sealed = seal_recording(session.journal, data, {ENDED: ended, BLOCK_FACT: order.block, HOST_FACT: order.host})
    return catalog.find(data, order.study.id, sealed.path.name)


def _execute(session: Session) -> None:
    """Waits for an earlier process of this block that is about to end: one that lost its cluster, for example."""
    deadline = time.monotonic() + _ENDING_S
    while True:
        try:
            execute(session, lambda _: None)
        except LockHeld:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def answered(order: Order) -> Answer:
    """The same, whatever comes: an error is one line."""
    data, state = (Path(os.environ.get(f"BINDERY_{path}") or default) for path, default in _PLACES)
    try:
        return recorded(order, data, state)
    except BinderyError as error:
        return Answer(refused=str(error))
    except OSError as error:
        return Answer(refused=str(DataError(f"cannot record here: {advice(error)}")))


_PLACES = (("DATA", DATA), ("STATE", STATE))


def _main() -> None:
    parent = Parent()
    order = parent.hear(Order)
    die_with_parent()
    parent.say(answered(order))


if __name__ == "__main__":
    _main()
