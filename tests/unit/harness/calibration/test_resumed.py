"""A recording is judged to its end by the calibration that it began with; where that is gone, it says so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from harness.calibration import lookup
from harness.commands.run import envelope
from harness.datasets.read import Dataset
from harness.execution.recording_session import Session
from harness.recorder.recorder import Recorder
from tests.support.calibrations import make_calibration
from tests.support.datasets import header, synthetic_study

STUDY = synthetic_study()


@pytest.fixture
def calibrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An older and a newer one of this host and client."""
    old, new = (make_calibration(tmp_path / "data", late_ms=late, seed=k) for k, late in enumerate((0.2, 5.0)))
    known = Dataset.open(old).manifest.environment | {"client": "c", "python": "p", "scheduling": "s"}
    monkeypatch.setattr("harness.execution.calibration_choice.environment.facts", lambda: known)
    monkeypatch.setattr(lookup, "MUST_AGREE", ("host_id",))
    monkeypatch.setattr(lookup, "objections", lambda *_: ())
    return old, new


def begun(tmp_path: Path, calibration: str | None) -> Session:
    session = Session(STUDY, STUDY.profiles[0], {}, tmp_path / "state")
    session.folder.mkdir(parents=True)
    head = replace(header(STUDY, session.planned), calibration=calibration)
    Recorder.create(session.journal, head).close()
    return session


def test_a_new_recording_is_judged_by_the_newest(tmp_path: Path, calibrations: tuple[Path, Path]) -> None:
    found = envelope(Session(STUDY, STUDY.profiles[0], {}, tmp_path / "state"), tmp_path / "data")
    assert found is not None
    assert found.calibration == Dataset.open(calibrations[1]).digest


def test_a_resumed_one_by_the_one_that_it_began_with(
    tmp_path: Path, calibrations: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    digest = Dataset.open(calibrations[0]).digest
    found = envelope(begun(tmp_path, digest), tmp_path / "data")
    assert found is not None
    assert found.calibration == digest
    assert "Warning" not in "".join(capsys.readouterr())


def test_a_resumed_one_whose_calibration_is_gone_says_so(
    tmp_path: Path, calibrations: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    session = begun(tmp_path, Dataset.open(calibrations[0]).digest)
    shutil.rmtree(calibrations[0])
    assert envelope(session, tmp_path / "data") is None
    assert "are not judged client-bound" in " ".join("".join(capsys.readouterr()).split())


@pytest.mark.usefixtures("calibrations")
def test_one_that_began_without_goes_on_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert envelope(begun(tmp_path, None), tmp_path / "data") is None
    assert "Warning" not in "".join(capsys.readouterr())
