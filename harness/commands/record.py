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
from ..design import Study
from ..errors import RunsFailed, UsageError
from ..events import Scalar
from ..execution.block import ENDED, block_session, may_continue, sessions, wait_s
from ..execution.executor import execute
from ..execution.planning import block_minutes
from ..execution.quiet_machine import wait_until_quiet
from ..probes import environment
from ..recorder.seal import seal_recording
from ..studies import RECORDED, STUDIES
from . import options
from .progress import RunProgress
from .run import envelope


def record(
    studies: Annotated[
        list[str] | None, typer.Argument(metavar="[STUDY]...", help="Published studies; all without it.")
    ] = None,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Minutes to wait for a quiet machine.")] = 10.0,
    data: options.Data = options.DATA,
    state: options.State = options.STATE,
) -> None:
    """Record one session: a complete block of each published study, on a quiet machine.

    Every block is sealed as a recording. Sessions of one host lie an hour or a restart apart. After Ctrl-C the same
    command goes on with the same session.

    Example: harness record
    """
    facts, now = environment.facts(), datetime.now(UTC)
    ready: list[Study] = []
    for study in _chosen(studies):
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
    _print_budget(ready, data)
    found = wait_until_quiet(wait * 60, options.say)
    seed = secrets.randbelow(2**31)
    ordered = _ordered(ready, seed)
    evidence: dict[str, Scalar] = {**found, "order": " ".join(study.id for study in ordered), "order_seed": seed}
    failed = list(_record_all(ordered, evidence, data, state))
    _print_sessions(ordered, data)
    if failed:
        raise RunsFailed("; ".join(failed))


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


def _record_all(ordered: Sequence[Study], evidence: dict[str, Scalar], data: Path, state: Path) -> Iterator[str]:
    """Records and seals each block; yields what went wrong with one, and goes on with the next."""
    for study in ordered:
        session = block_session(study, state)
        if study.id != CALIBRATION:
            session = replace(session, envelope=envelope(session, data))
        with RunProgress(options.console(), session) as progress:
            execute(session, progress)
        ended = {ENDED: datetime.now(UTC).isoformat(timespec="seconds")}
        try:
            sealed = seal_recording(session.journal, data, {**evidence, **ended})
        except RunsFailed as error:
            yield str(error)
            continue
        options.say(f"{study.id}: sealed as {sealed.path} (sha256 {sealed.digest[:12]}).")


def _print_budget(ready: Sequence[Study], data: Path) -> None:
    known = {study.id: block_minutes(study, data) for study in ready}
    parts = [f"{name} {'unknown' if minutes is None else f'{minutes:.1f} min'}" for name, minutes in known.items()]
    total = sum(minutes or 0.0 for minutes in known.values())
    options.say(f"One block each, about {total:.0f} min: {', '.join(parts)}.")


def _print_sessions(recorded: Sequence[Study], data: Path) -> None:
    table = Table("Study", "Sessions recorded", "Wanted")
    for study in recorded:
        table.add_row(study.id, str(len(sessions(study, data))), str(study.sessions or "–"))
    options.console().print(table)
