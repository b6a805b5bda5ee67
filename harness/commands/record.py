"""`harness record`: one session of the published studies."""

from __future__ import annotations

import math
import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ..calibration.lookup import STUDY as CALIBRATION
from ..calibration.lookup import applicable
from ..design import Study
from ..errors import Interrupted, RunsFailed, UsageError
from ..events import Scalar
from ..execution.block import ENDED, block_session, may_continue, sessions, wait_s
from ..execution.block_time import block_time
from ..execution.executor import busy_beside, execute
from ..execution.quiet_machine import wait_until_quiet
from ..execution.vouching import Taken, until_one_vouches
from ..probes import environment
from ..recorder.seal import Sealed, seal_recording
from ..studies import RECORDED, STUDIES
from ..terminal import Terminal
from . import options
from .progress import RunProgress
from .run import envelope, tell

NO_CALIBRATION = (
    "no calibration of this host and client vouches, so later runs could not be judged and the session ends; run "
    "`harness calibrate --again` on a quiet machine and then the same command, or add --uncalibrated"
)


def record(
    studies: Annotated[
        list[str] | None, typer.Argument(metavar="[STUDY]...", help="Published studies; all without it.")
    ] = None,
    wait: Annotated[
        float,
        typer.Option(
            "--wait", min=0, help="Minutes to wait for a quiet machine, before each block, and for a calibration."
        ),
    ] = 10.0,
    uncalibrated: Annotated[
        bool, typer.Option("--uncalibrated", help="Record although no calibration vouches for the client.")
    ] = False,
    data: options.Data = options.DATA,
    state: options.State = options.STATE,
) -> None:
    """Record one session: a complete block of each published study, on a quiet machine.

    Every block is sealed as a recording. Sessions of one host lie an hour or a restart apart. After Ctrl-C the same
    command goes on with the same session, for an hour. A session ends where no calibration vouches for the client.

    Example: harness record
    """
    chosen = _chosen(studies)
    try:
        _record_session(chosen, wait * 60, data, state, uncalibrated=uncalibrated)
    except KeyboardInterrupt:
        raise Interrupted(
            "stopped between two runs; whole blocks are sealed. Run the same command again to continue"
        ) from None


def _record_session(chosen: Sequence[Study], wait: float, data: Path, state: Path, *, uncalibrated: bool) -> None:
    ready = _ready(chosen, data, state)
    _print_budget(ready, data)
    seed = secrets.randbelow(2**31)
    ordered = _ordered(ready, seed)
    order: dict[str, Scalar] = {"order": " ".join(study.id for study in ordered), "order_seed": seed}
    failed = list(_record_all(ordered, order, wait, data, state, uncalibrated=uncalibrated))
    _print_sessions(ordered, data)
    if failed:
        raise RunsFailed("; ".join(failed))


def _ready(chosen: Sequence[Study], data: Path, state: Path) -> list[Study]:
    """Those that may be recorded now; says why the others may not."""
    facts, now = environment.facts(), datetime.now(UTC)
    ready: list[Study] = []
    for study in chosen:
        why = may_continue(block_session(study, state), data, facts, now)
        if why:
            options.say(f"{study.id}: the block that was begun is set aside, for {why}; it begins anew.")
        minutes = math.ceil(wait_s(study, data, facts, now) / 60)
        if minutes:
            options.say(f"{study.id}: this host recorded a session less than an hour ago; wait {minutes} min.")
        else:
            ready.append(study)
    if not ready:
        raise UsageError("no study may be recorded now: sessions of one host lie an hour or a restart apart")
    return ready


def _chosen(names: Sequence[str] | None) -> list[Study]:
    unknown = [name for name in names or () if name not in RECORDED]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no published study; choose from {', '.join(RECORDED)}")
    return [STUDIES.load(name) for name in RECORDED if not names or name in names]


def _ordered(studies: Sequence[Study], seed: int) -> list[Study]:
    """The calibration first, because it vouches for the others; these in random order."""
    first = [study for study in studies if study.id == CALIBRATION]
    others = [study for study in studies if study.id != CALIBRATION]
    random.Random(seed).shuffle(others)  # noqa: S311 an order of studies, not a secret
    return [*first, *others]


def _record_all(
    ordered: Sequence[Study], order: dict[str, Scalar], wait: float, data: Path, state: Path, *, uncalibrated: bool
) -> Iterator[str]:
    """Records and seals each block; yields what went wrong with one, and goes on with the next.

    Without a calibration that vouches for the client the session ends before the block that it would judge.
    """
    for study in ordered:
        if study.id != CALIBRATION and not uncalibrated and applicable(data, environment.facts()) is None:
            yield NO_CALIBRATION
            return
        try:
            sealed = _record_block(study, order, wait, data, state)
        except RunsFailed as error:
            yield str(error)
            if study.id == CALIBRATION:
                _say_what_vouches_instead(data)
        except Interrupted as stopped:
            raise Interrupted(f"{study.id}: {stopped}, within the hour") from None
        else:
            options.say(f"{study.id}: sealed as {sealed.path} (sha256 {sealed.digest[:12]}).")


def _record_block(study: Study, order: dict[str, Scalar], wait: float, data: Path, state: Path) -> Sealed:
    def take(limit_s: float) -> Taken:
        taken = _measure_block(study, limit_s, data, state)
        return replace(taken, facts={**taken.facts, **order})

    if study.id == CALIBRATION:
        return until_one_vouches(take, wait, data, options.say)
    taken = take(wait)
    return seal_recording(taken.session.journal, data, taken.facts)


def _measure_block(study: Study, limit_s: float, data: Path, state: Path) -> Taken:
    """Every run of the study's block, made on a machine that became quiet within ``limit_s`` seconds."""
    quiet = wait_until_quiet(limit_s, options.say)
    session = block_session(study, state)
    if study.id != CALIBRATION:
        session = replace(session, envelope=envelope(session, data))
    for other in busy_beside(session):
        options.say(options.warning("Warning"), f": {other}.")
    with RunProgress(Terminal(), session) as progress:
        execute(session, progress, tell=tell)
    return Taken(session, {**quiet, ENDED: datetime.now(UTC).isoformat(timespec="seconds")})


def _say_what_vouches_instead(data: Path) -> None:
    older = applicable(data, environment.facts())
    if older is not None:
        options.say(
            f"{older.label}, an older calibration of this host ({older.manifest.created}), vouches instead; the "
            "session goes on with it."
        )


def _print_budget(ready: Sequence[Study], data: Path) -> None:
    times = {study.id: block_time(study, data) for study in ready}
    known = [time.minutes for time in times.values() if time.minutes is not None]
    parts = ", ".join(f"{name} {time.text}" for name, time in times.items())
    options.say(f"One block each: {parts}.")
    if len(known) > 1:
        beside = "" if len(known) == len(times) else ", and those that are unknown"
        options.say(f"Together about {sum(known):.0f} min{beside}.")


def _print_sessions(recorded: Sequence[Study], data: Path) -> None:
    table = Table("Study", "Sessions recorded", "Wanted")
    for study in recorded:
        table.add_row(study.id, str(len(sessions(study, data))), str(study.sessions or "–"))
    Terminal().print(table)
