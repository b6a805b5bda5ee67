"""`harness record`: a block of a published study becomes a recording of its session."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.commands import record as command
from harness.datasets.catalog import catalog, recordings
from harness.datasets.read import Dataset
from harness.errors import Interrupted, RunsFailed, Unavailable, UsageError
from harness.execution.executor import Progress
from harness.execution.recording_session import Session
from harness.probes import environment
from harness.recorder.versions import publish_version
from tests.support.calibrations import make_calibration, write_calibration
from tests.support.recorded_study import STUDIES

EVIDENCE = {"quiet.foreign_cpu": 0.0}


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests run on this machine; the gate has tests of its own."""
    monkeypatch.setattr(command, "wait_until_quiet", lambda *_: EVIDENCE)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    """A published study whose block takes seconds."""
    monkeypatch.setattr(command, "RECORDED", ("paced",))
    monkeypatch.setattr(command, "STUDIES", STUDIES)


def record(root: Path, *studies: str) -> None:
    command.record(list(studies), wait=0, uncalibrated=True, data=root / "data", state=root / "state")


class Clock(datetime):
    """A clock that a test sets forward."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return datetime.now(tz) + cls.ahead


@pytest.mark.usefixtures("published")
def test_sessions_become_recordings_and_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    record(tmp_path, "paced")
    assert "paced │ 1" in capsys.readouterr().out
    with pytest.raises(UsageError, match="an hour or a restart apart"):
        record(tmp_path, "paced")
    assert "wait 60 min" in capsys.readouterr().out
    monkeypatch.setattr(command, "datetime", Clock)
    monkeypatch.setattr(Clock, "ahead", timedelta(hours=1, minutes=1))
    record(tmp_path, "paced")
    found = recordings(tmp_path / "data", "paced")
    assert [ref.name for ref in found] == ["r0001", "r0002"]
    first = Dataset.open(found[0].path)
    assert first.manifest.planned_runs == first.manifest.recorded_runs == 2
    assert first.manifest.session is not None
    assert first.manifest.session["quiet.foreign_cpu"] == 0.0
    assert datetime.fromisoformat(str(first.manifest.session["ended"])) <= datetime.now(UTC)
    assert first.manifest.design["sessions"] == 6
    assert catalog(tmp_path / "data") == ()
    together = Dataset.open(publish_version(tmp_path / "data", found).path)
    assert together.runs.num_rows == 4
    assert len({seed.manifest.order_seed for seed in together.recordings}) == 2


@pytest.mark.usefixtures("published")
def test_an_interrupted_session_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = command.RunProgress

    class Interrupting(real):  # type: ignore[valid-type, misc]
        def __call__(self, step: Progress) -> None:
            super().__call__(step)
            if step.run is not None and step.done == 1:
                raise KeyboardInterrupt

    monkeypatch.setattr(command, "RunProgress", Interrupting)
    with pytest.raises(Interrupted, match=r"paced: .*1 of 2 runs; all are kept.*within the hour"):
        record(tmp_path, "paced")
    monkeypatch.setattr(command, "RunProgress", real)
    record(tmp_path, "paced")
    (ref,) = recordings(tmp_path / "data", "paced")
    assert Dataset.open(ref.path).runs.num_rows == 2
    assert not Dataset.open(ref.path).manifest.strata


@pytest.mark.usefixtures("published")
def test_a_machine_that_is_not_quiet_records_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Unavailable("the machine was not quiet within 0 s: others use 1.00 processors (compiler)")

    monkeypatch.setattr(command, "wait_until_quiet", refuse)
    with pytest.raises(Unavailable, match="compiler"):
        record(tmp_path, "paced")
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("published")
def test_each_block_waits_for_a_quiet_machine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disturbance that begins in the middle of a session stops it before the next block, and keeps what is sealed."""
    quiet = iter([EVIDENCE])

    def gate(*_: object) -> dict[str, float]:
        found = next(quiet, None)
        if found is None:
            raise Unavailable("the machine was not quiet within 0 s: others use 1.00 processors (compiler)")
        return found

    monkeypatch.setattr(command, "wait_until_quiet", gate)
    monkeypatch.setattr(command, "_ordered", lambda studies, _: studies)
    monkeypatch.setattr(command, "RECORDED", ("paced", "nowhere"))
    with pytest.raises(Unavailable, match="compiler"):
        record(tmp_path)
    assert len(recordings(tmp_path / "data", "paced")) == 1
    assert recordings(tmp_path / "data", "nowhere") == ()


class Calibrating:
    """Stands for the executor: each call writes a calibration, of a machine that was disturbed in the first ``bad``."""

    def __init__(self, bad: int) -> None:
        self.taken, self._bad = 0, bad

    def __call__(self, session: Session, *_: object, **__: object) -> None:
        self.taken += 1
        flags = {"foreign_load": "[/bold] took 1.59 processors"} if self.taken <= self._bad else {}
        session.folder.mkdir(parents=True, exist_ok=True)
        write_calibration(session.journal, seed=self.taken, flags=flags, environment=environment.facts())


def calibrate(root: Path, monkeypatch: pytest.MonkeyPatch, bad: int, *, wait: float, more: tuple[str, ...] = ()) -> int:
    """Records a session of the calibration and ``more``; how many calibrations were taken."""
    taking = Calibrating(bad)
    real = command.execute

    def execute(session: Session, *args: Any, **named: Any) -> object:
        return (taking if session.study.id == "calibration" else real)(session, *args, **named)

    monkeypatch.setattr(command, "RECORDED", ("calibration", "paced"))
    monkeypatch.setattr(command, "execute", execute)
    command.record(["calibration", *more], wait=wait, uncalibrated=False, data=root / "data", state=root / "state")
    return taking.taken


def calibrations(root: Path) -> list[Dataset]:
    return [Dataset.open(ref.path) for ref in recordings(root / "data", "calibration")]


@pytest.mark.usefixtures("published")
def test_a_calibration_that_vouches_for_nothing_is_set_aside_and_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The session goes on with the one that vouches, which says what was set aside before it."""
    assert calibrate(tmp_path, monkeypatch, bad=2, wait=600, more=("paced",)) == 3
    out = capsys.readouterr().out
    assert out.count("vouches for nothing: foreign_load: 8 of 8 runs") == 2
    assert out.count("[/bold] took 1.59 processors") == 2
    assert out.count(". It is set aside; another is begun within 600 min.") == 2
    (sealed,) = calibrations(tmp_path)
    facts = sealed.manifest.session or {}
    assert facts["set_aside"] == 2
    assert str(facts["set_aside_for"]).count("[/bold] took 1.59 processors") == 2
    (paced,) = recordings(tmp_path / "data", "paced")
    assert Dataset.open(paced.path).manifest.calibration == sealed.digest
    kept = sorted(path.name for path in next((tmp_path / "state").rglob("journal.1")).parent.glob("journal*"))
    assert kept == ["journal", "journal.1", "journal.2"]


@pytest.mark.usefixtures("published")
def test_a_session_without_a_calibration_that_vouches_ends_and_the_next_one_may_begin_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RunsFailed, match=r"^none of 1 calibration vouches .*; no calibration .* the session ends; "):
        calibrate(tmp_path, monkeypatch, bad=9, wait=0, more=("paced",))
    assert calibrations(tmp_path) == []
    assert recordings(tmp_path / "data", "paced") == ()
    assert calibrate(tmp_path, monkeypatch, bad=0, wait=0) == 1
    assert len(calibrations(tmp_path)) == 1


@pytest.mark.usefixtures("published")
def test_an_older_calibration_vouches_instead_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    older = Dataset.open(make_calibration(tmp_path / "data", environment=environment.facts()))
    with pytest.raises(RunsFailed, match=r"^none of 1 calibration vouches for the client, so none is sealed$"):
        calibrate(tmp_path, monkeypatch, bad=9, wait=0, more=("paced",))
    said = f"calibration/v1, an older calibration of this host ({older.manifest.created}), vouches instead"
    assert said in capsys.readouterr().out
    (paced,) = recordings(tmp_path / "data", "paced")
    assert Dataset.open(paced.path).manifest.calibration == older.digest


@pytest.mark.usefixtures("published")
def test_nothing_is_recorded_that_no_calibration_can_judge(tmp_path: Path) -> None:
    places: dict[str, Any] = {"data": tmp_path / "data", "state": tmp_path / "state"}
    with pytest.raises(RunsFailed, match=r"^no calibration of this host and client vouches, .*or add --uncalibrated$"):
        command.record(["paced"], wait=0, **places)
    assert recordings(tmp_path / "data", "paced") == ()
    make_calibration(tmp_path / "data", environment=environment.facts())
    command.record(["paced"], wait=0, **places)
    assert len(recordings(tmp_path / "data", "paced")) == 1


def test_ctrl_c_before_a_block_is_one_line(tmp_path: Path) -> None:
    places = ("--data", str(tmp_path / "data"), "--state", str(tmp_path / "state"))
    line = [sys.executable, "-m", "harness", "record", "prompt-cache", "--uncalibrated", *places]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "prompt-cache unknown before its first block (limit 20 min)." in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=1500)
    assert process.returncode == Interrupted.exit_code
    (said,) = errors.splitlines()
    assert said.startswith("harness: stopped between two runs; whole blocks are sealed.")
    assert recordings(tmp_path / "data", "prompt-cache") == ()


def test_an_unknown_study_is_refused_before_anything_waits(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'tr999' is no published study; choose from calibration, prompt-cache"):
        record(tmp_path, "tr999")
