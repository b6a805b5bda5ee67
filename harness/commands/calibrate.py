"""`harness calibrate`: measure the instrument itself."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

from ..calibration.errors import cell_errors
from ..calibration.lookup import STUDY, applicable
from ..calibration.report import rows, table, verdict
from ..datasets.read import Dataset
from ..errors import Unavailable
from ..execution.calibration_choice import sealed_from
from ..execution.recording_session import Session
from ..probes import environment
from ..terminal import Terminal
from ..validity.audit import objections
from . import options
from .run import run


def calibrate(
    profile: options.ProfileName = "quick",
    again: Annotated[bool, typer.Option("--again", help="Measure anew although a calibration applies.")] = False,
    version: options.SealedAs = None,
    as_json: options.Json = False,
    data: options.Data = options.DATA,
    state: options.State = options.STATE,
) -> None:
    """Measure our client's own error against a ground truth and seal it; later datasets name it.

    Shows the calibration that applies to this host and this client; takes one (minutes) where there is none.

    Example: harness calibrate --profile quick
    """
    found = None if again else applicable(data, environment.facts())
    if found is None:
        with redirect_stdout(sys.stderr) if as_json else nullcontext():
            found = _measured(profile, again, version, data, state)
    cells = cell_errors(found)
    against = [f"{row.rule}: {row.evidence}" for row in objections(found, data)]
    if as_json:
        printed = {"dataset": found.label, "digest": found.digest, "objections": against, "cells": rows(cells)}
        options.print_json(printed)
        return
    Terminal().print(table(cells))
    options.say(f"{found.label} (sha256 {found.digest[:12]}). {verdict(cells)}")
    if against:
        options.say(options.warning("It vouches for nothing"), f": {'; '.join(against)}. Calibrate --again when quiet.")


def _measured(profile: str, again: bool, version: int | None, data: Path, state: Path) -> Dataset:
    study = options.load_study(STUDY)
    session = Session(study, study.profile(profile), {}, state)
    stale = sealed_from(session, data) is not None
    run(STUDY, profile, again=again or stale, and_seal=True, version=version, data=data, state=state)
    ref = sealed_from(session, data)
    if ref is None:
        raise Unavailable(f"the calibration was not sealed; see {session.folder / 'logs'}, then calibrate --again")
    return Dataset.open(ref.path)
