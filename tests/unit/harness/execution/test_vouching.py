"""A calibration is taken again while there is time, and what does not vouch is kept and not sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.datasets.catalog import recordings
from harness.datasets.read import Dataset
from harness.errors import LockHeld, RunsFailed, Unavailable
from harness.execution.calibration_choice import set_aside
from harness.execution.recording_session import Session
from harness.execution.vouching import Taken, until_one_vouches
from harness.recorder import lock
from harness.recorder.seal import Sealed
from harness.studies.calibration import STUDY
from tests.support.calibrations import write_calibration

STOLEN = "the hypervisor took 0.09 processors, limit 0.05"
CALIBRATION_S = 200.0


class Machine:
    """Takes 200 s for a calibration; steals while one of ``stolen`` is taken, and is never quiet where that ends."""

    def __init__(self, folder: Path, stolen: Iterator[bool]) -> None:
        self.now, self.waits, self.said = 0.0, list[float](), list[str]()
        self._stolen = stolen
        self._session = Session(STUDY, STUDY.profile("quick"), {}, folder / "state", block_seed=1)
        self._data = folder / "data"

    def take(self, limit_s: float) -> Taken:
        self.waits.append(limit_s)
        stolen = next(self._stolen, None)
        if stolen is None:
            raise Unavailable(f"the machine was not quiet within {limit_s:.0f} s")
        self.now += CALIBRATION_S
        self._session.folder.mkdir(parents=True, exist_ok=True)
        flags = {"foreign_load": STOLEN} if stolen else {}
        write_calibration(self._session.journal, seed=len(self.waits), flags=flags)
        return Taken(self._session, {"quiet.steal": 0.0})

    def calibrate(self, wait_s: float) -> Sealed:
        return until_one_vouches(self.take, wait_s, self._data, self.said.append, lambda: self.now)

    @property
    def sealed(self) -> list[str]:
        return [ref.name for ref in recordings(self._data, "calibration")]

    @property
    def kept(self) -> list[str]:
        """The journals of the session."""
        return sorted(path.name for path in self._session.folder.glob("journal*"))


def test_the_first_one_that_vouches_is_sealed_without_a_word(tmp_path: Path) -> None:
    machine = Machine(tmp_path, iter([False]))
    session = Dataset.open(machine.calibrate(600.0).path).manifest.session
    assert session == {"quiet.steal": 0.0}
    assert (machine.said, machine.sealed, machine.kept) == ([], ["r0001"], ["journal"])


def test_the_minutes_count_from_the_end_of_the_first_one(tmp_path: Path) -> None:
    machine = Machine(tmp_path, iter([True, True, True, True]))
    with pytest.raises(RunsFailed, match=r"^none of 4 calibrations vouches for the client, so none is sealed$"):
        machine.calibrate(600.0)
    assert machine.waits == [600.0, 600.0, 400.0, 200.0]
    assert machine.sealed == []
    assert machine.kept == ["journal.1", "journal.2", "journal.3", "journal.4"]
    assert [said.partition("It is set aside")[2] for said in machine.said] == [
        "; another is begun within 10 min.",
        "; another is begun within 7 min.",
        "; another is begun within 4 min.",
        ".",
    ]


def test_what_was_set_aside_is_in_the_session_of_the_one_that_vouches(tmp_path: Path) -> None:
    machine = Machine(tmp_path, iter([True, False]))
    session = Dataset.open(machine.calibrate(600.0).path).manifest.session or {}
    assert session["set_aside"] == 1
    assert STOLEN in str(session["set_aside_for"])
    assert STOLEN in machine.said[0]


def test_a_machine_that_stays_disturbed_ends_the_waiting(tmp_path: Path) -> None:
    machine = Machine(tmp_path, iter([True]))
    with pytest.raises(RunsFailed, match="none of 1 calibration vouches"):
        machine.calibrate(600.0)
    assert machine.said[-1] == "No further calibration: the machine was not quiet within 600 s."


def test_a_machine_that_never_becomes_quiet_is_refused_as_before_any_block(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not quiet"):
        Machine(tmp_path, iter([])).calibrate(600.0)


def test_a_journal_that_another_process_writes_is_not_moved(tmp_path: Path) -> None:
    session = Session(STUDY, STUDY.profile("quick"), {}, tmp_path / "state")
    session.folder.mkdir(parents=True)
    write_calibration(session.journal, seed=1, flags={})
    with lock.hold(session.folder / "lock", "another"), pytest.raises(LockHeld, match="busy with another"):
        set_aside(session)
    assert session.journal.exists()
    set_aside(session)
    assert [path.name for path in session.folder.glob("journal*")] == ["journal.1"]
