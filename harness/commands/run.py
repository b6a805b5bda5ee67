"""`harness run`: record what is missing of a study's matrix."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..calibration.lookup import STUDY as CALIBRATION
from ..calibration.lookup import applicable_envelope, named_envelope
from ..datasets.catalog import Ref, catalog
from ..datasets.read import Dataset
from ..errors import RunsFailed, UsageError
from ..execution.executor import Executed, execute
from ..execution.recording_session import Session
from ..probes import environment
from ..protocols.envelope import Envelope
from ..recorder.records import Header, decode
from ..recorder.recover import read
from ..recorder.seal import seal
from . import options
from .progress import RunProgress


def run(
    study: options.StudyName,
    profile: options.ProfileName = "quick",
    only: options.Only = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue although the environment changed, as a new stratum.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Begin a new recording; the old journal is kept.")] = False,
    and_seal: Annotated[bool, typer.Option("--seal", help="Seal the dataset when the matrix is complete.")] = False,
    version: options.SealedAs = None,
    data: options.Data = options.DATA,
    state: options.State = options.STATE,
) -> None:
    """Measure a study's matrix on this machine; run it again to continue after a stop.

    Example: harness run tr108 --profile smoke --only threads=all --seal
    """
    if version is not None and not and_seal:
        raise UsageError("--version chooses what --seal seals as; add --seal, or give it to `harness seal`")
    declared = options.load_study(study)
    session = Session(declared, declared.profile(profile), options.parse_only(declared, only), state)
    if again:
        _set_aside(session)
    if study != CALIBRATION:
        session = replace(session, envelope=vouching(session, data))
    sealed = sealed_as(session, data)
    if sealed:
        options.say(f"{session.name} is already measured and sealed as {sealed.label}; --again measures it anew.")
        return
    with RunProgress(options.console(), session) as progress:
        executed = execute(session, progress, resume=resume)
    _report(session, executed)
    if and_seal:
        done = seal(session.journal, data, version=version)
        options.say(f"Sealed as {done.path} (sha256 {done.digest[:12]}).")
    else:
        options.say(f"Next: harness seal {study} --profile {profile}")


def vouching(session: Session, data: Path) -> Envelope | None:
    """That of the calibration which a journal begun earlier names, or of the one which applies to a new one."""
    begun = _header(session)
    if begun is None:
        return applicable_envelope(data, environment.facts())
    found = named_envelope(data, begun.calibration)
    if found is None and begun.calibration is not None:
        options.say(
            f"Warning: this recording began under calibration {begun.calibration[:12]}, which is no longer among the "
            f"datasets in {data}; runs recorded without it are not judged client-bound, and the audit says so."
        )
    return found


def _header(session: Session) -> Header | None:
    if not session.journal.exists():
        return None
    header = next(map(decode, read(session.journal).records), None)
    return header if isinstance(header, Header) else None


def sealed_as(session: Session, data: Path) -> Ref | None:
    """The dataset that this session's journal was sealed as."""
    header = _header(session)
    if header is None:
        return None
    for ref in catalog(data):
        if (
            ref.study == session.study.id
            and Dataset.open(ref.path, verify=False).manifest.journal_id == header.journal_id
        ):
            return ref
    return None


def _set_aside(session: Session) -> None:
    if session.journal.exists():
        number = sum(1 for _ in session.folder.glob("journal.*")) + 1
        session.journal.rename(session.folder / f"journal.{number}")


def _report(session: Session, executed: Executed) -> None:
    if executed.dropped_bytes:
        options.say(f"Dropped a torn tail of {executed.dropped_bytes} bytes; every acknowledged run is kept.")
    counts = ", ".join(f"{n} {status}" for status, n in sorted(executed.outcomes.items()))
    options.say(f"{session.name}: {sum(executed.outcomes.values())} runs recorded ({counts}), {executed.added} now.")
    _refuse_all_failed(executed.outcomes, session)


def _refuse_all_failed(outcomes: Counter[str], session: Session) -> None:
    if not outcomes["ok"] + outcomes["degraded"]:
        raise RunsFailed(
            f"no run of {session.name} was usable; see {session.folder / 'logs'} and `harness doctor`, then --again"
        )
