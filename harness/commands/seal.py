"""`harness seal`: turn a complete journal into an immutable dataset version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..design import Study
from ..errors import UsageError
from ..execution.block import host_of, of_host, sessions
from ..execution.recording_session import Session
from ..probes.meter_file import MeterFile
from ..recorder.seal import Metered
from ..recorder.seal import seal as seal_journal
from ..recorder.versions import publish_version
from . import options


def seal(
    study: options.StudyName,
    profile: options.ProfileName = "quick",
    only: options.Only = None,
    settings: options.Set = None,
    partial: Annotated[bool, typer.Option("--partial", help="Seal although planned runs are missing.")] = False,
    supersedes: Annotated[
        str | None, typer.Option("--supersedes", help="Why this version replaces an earlier one.")
    ] = None,
    replaces: Annotated[
        int | None, typer.Option("--replaces", min=1, help="Which one that is; the highest one below by default.")
    ] = None,
    version: options.SealedAs = None,
    meter: Annotated[
        Path | None,
        typer.Option(
            "--meter", help="A CSV file (timestamp, watts) that an external power meter wrote meanwhile; sealed, too."
        ),
    ] = None,
    recorded_sessions: Annotated[
        bool, typer.Option("--sessions", help="Make a version that lists all recorded sessions of the study.")
    ] = False,
    host: Annotated[
        str, typer.Option("--host", help="Of --sessions only those of one host: its id, or the beginning of it.")
    ] = "",
    data: options.Data = options.DATA,
    state: options.State = options.STATE,
) -> None:
    """Seal a recorded matrix as the next version of its dataset, or as one that is free where it will travel to.

    Example: harness seal tr108 --profile quick
    """
    declared = options.load_study(study, settings)
    if recorded_sessions:
        if meter:
            raise UsageError("recorded sessions are sealed already; --meter is for a matrix that is not")
        _seal_sessions(declared, data, host, supersedes, replaces)
        return
    if host:
        raise UsageError("--host chooses among recorded sessions; add --sessions")
    session = Session(declared, declared.profile(profile), options.parse_only(declared, only), state)
    found = MeterFile.read(meter) if meter else None
    sealed = seal_journal(
        session.recorded(),
        data,
        supersedes_reason=supersedes,
        replaces=replaces,
        version=version,
        partial=partial,
        meter=Metered(found.readings, found.data, len(found.at_ns)) if found else None,
    )
    options.say(f"Sealed as {sealed.path} (sha256 {sealed.digest[:12]}).")


def _seal_sessions(study: Study, data: Path, host: str, supersedes: str | None, replaces: int | None) -> None:
    found = sessions(study, data)
    if not found:
        raise UsageError(f"no session of {study.id} is recorded as it is declared today; begin with: harness record")
    if host:
        found = of_host(found, host)
    sealed = publish_version(data, found, supersedes_reason=supersedes, replaces=replaces)
    names = ", ".join(ref.name for ref in found)
    of = f", host {host_of(found[0])}" if host else ""
    options.say(f"{study.id}{of}: {len(found)} of {study.sessions} wanted sessions ({names}).")
    options.say(f"Sealed as {sealed.path} (sha256 {sealed.digest[:12]}).")
