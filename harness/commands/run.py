"""`harness run`: record what is missing of a study's matrix."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..calibration.lookup import STUDY as CALIBRATION
from ..cluster.run_on import run_on
from ..errors import RunsFailed, UsageError
from ..execution.calibration_choice import envelope_for, sealed_from, set_aside
from ..execution.executor import Executed, busy_beside, execute
from ..execution.outage import PATIENCE_S
from ..execution.recording_session import Session
from ..outcomes import USABLE
from ..preflight import Level, Preflight
from ..protocols.envelope import Envelope
from ..recorder.seal import seal
from ..terminal import Terminal
from ..units import counted
from . import options
from .progress import RunProgress


def run(
    study: options.StudyName,
    profile: options.ProfileName = "quick",
    only: options.Only = None,
    settings: options.Set = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue although the environment changed, as a new stratum.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Begin a new recording; the old journal is kept.")] = False,
    and_seal: Annotated[bool, typer.Option("--seal", help="Seal the dataset when the matrix is complete.")] = False,
    version: options.SealedAs = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Measure again the runs that failed; the others are kept.")
    ] = False,
    patience: Annotated[
        float, typer.Option("--patience", min=0, help="Seconds to wait, in all, for a server or host that went away.")
    ] = PATIENCE_S,
    on: Annotated[
        str | None, typer.Option("--on", help="Record a block on each labelled host: ray, or ray://HOST:PORT.")
    ] = None,
    hosts: Annotated[
        list[str] | None, typer.Option("--host", help="Only on this host of --on, by its label. May be repeated.")
    ] = None,
    data: options.Data = options.DATA,
    state: options.State = options.STATE,
) -> None:
    """Measure a study's matrix on this machine; run it again to continue after a stop.

    Example: harness run tr108 --profile smoke --only threads=all --seal
    """
    if version is not None and not and_seal:
        raise UsageError("--version chooses what --seal seals as; add --seal, or give it to `harness seal`")
    declared = options.load_study(study, settings)
    session = Session(declared, declared.profile(profile), options.parse_only(declared, only), state)
    if on is not None:
        _refuse_beside_on({"--seal": and_seal, "--resume": resume, "--retry-failed": retry_failed})
        run_on(on, session, hosts or (), data, options.say, again=again, patience_s=patience)
        return
    if hosts:
        raise UsageError("--host chooses among the hosts of a cluster; name that with --on")
    if again:
        set_aside(session)
    if study != CALIBRATION:
        session = replace(session, envelope=envelope(session, data))
    sealed = sealed_from(session, data)
    if sealed:
        options.say(f"{session.name} is already measured and sealed as {sealed.label}; --again measures it anew.")
        return
    for other in busy_beside(session):
        options.say(options.warning("Warning"), f": {other}.")
    with RunProgress(Terminal(), session) as progress:
        executed = execute(session, progress, resume=resume, retry_failed=retry_failed, patience_s=patience, tell=tell)
    _report(session, executed)
    if and_seal:
        done = seal(session.journal, data, version=version)
        options.say(f"Sealed as {done.path} (sha256 {done.digest[:12]}).")
    else:
        set_to = "".join(f" --set {shlex.quote(text)}" for text in settings or ())
        options.say(f"Next: harness seal {study} --profile {profile}{set_to}")


def _refuse_beside_on(given: dict[str, bool]) -> None:
    for name in (name for name, wanted in given.items() if wanted):
        raise UsageError(f"{name} is not for --on: each host seals its own block, and the same command goes on with it")


def envelope(session: Session, data: Path) -> Envelope | None:
    """What judges the session's runs; a calibration that is gone is said."""
    found, warning = envelope_for(session, data)
    if warning:
        options.say(warning)
    return found


def tell(found: Preflight) -> None:
    """Says what a server was found to be like, a line for each finding that changes something."""
    server = found.server and f" ({found.server})"
    options.say(f"{found.address}{server}: {found.served_model}")
    for finding in found.findings:
        if finding.level is Level.WARNING:
            options.say(options.warning("Warning"), f": {finding.topic}: {finding.text}.")
        elif finding.level is Level.ADAPTED:
            options.say(f"{finding.topic}: {finding.text}.")


def _report(session: Session, executed: Executed) -> None:
    if executed.dropped_bytes:
        options.say(f"Dropped a torn tail of {executed.dropped_bytes} bytes; every acknowledged run is kept.")
    counts = ", ".join(f"{n} {status}" for status, n in sorted(executed.outcomes.items()))
    options.say(
        f"{session.name}: {counted(sum(executed.outcomes.values()), 'run')} recorded ({counts}), {executed.added} now."
    )
    _refuse_all_failed(executed.outcomes, session)


def _refuse_all_failed(outcomes: Counter[str], session: Session) -> None:
    if not any(outcomes[status] for status in USABLE):
        raise RunsFailed(
            f"no run of {session.name} was usable; see {session.folder / 'logs'} and `harness doctor`, then --again"
        )
