"""A session begins only on a machine that nobody else uses, and says who does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from harness.errors import Unavailable
from harness.execution import quiet_machine
from harness.execution.quiet_machine import WINDOWS, Window, busy, wait_until_quiet

QUIET = Window(0.01, 0.0, 0.0, 0.2, 1.9)
BUSY = Window(0.9, 0.0, 0.0, 1.5, 1.1)
REST = Window(0.01, 0.0, 0.0, 0.2)
STOLEN = Window(0.01, 0.0, 0.0812, 0.2, 1.7)


class Clock:
    """A clock that goes on by a window at each look, and what the looks were asked."""

    def __init__(self, windows: Iterator[Window]) -> None:
        self.now, self._windows = 0.0, windows
        self.worked: list[bool] = []

    def __call__(self) -> float:
        return self.now

    def look(self, *, work: bool) -> Window:
        self.now += 3.0
        self.worked.append(work)
        return next(self._windows)


def waited(*windows: Window, limit_s: float = 60.0) -> tuple[dict[str, object], list[str]]:
    clock, said = Clock(iter(windows)), list[str]()
    return dict(wait_until_quiet(limit_s, said.append, clock.look, clock)), said


def test_a_quiet_machine_is_told_by_windows_in_a_row() -> None:
    evidence, said = waited(*[QUIET] * WINDOWS)
    assert said == []
    assert evidence["quiet.windows"] == WINDOWS
    assert evidence["quiet.foreign_cpu"] == 0.01
    assert evidence["quiet.waited_s"] == 9.0


def test_a_disturbance_begins_the_count_anew_and_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_machine, "busy", lambda: ["compiler"])
    evidence, said = waited(QUIET, BUSY, REST, QUIET, BUSY, REST, *[QUIET] * WINDOWS)
    assert said == [
        "Waiting up to 60 s for a quiet machine: others use 0.90 processors (compiler; limit 0.10).",
    ]
    assert evidence["quiet.waited_s"] == 27.0


def test_windows_are_worked_and_the_evidence_says_so() -> None:
    evidence, _ = waited(QUIET, Window(0.0, 0.0, 0.0, 0.2, 1.8), QUIET)
    assert evidence["quiet.worked_cpu"] == 1.8


def test_after_a_disturbed_window_ours_rest_until_one_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_machine, "busy", lambda: ["compiler"])
    clock = Clock(iter([BUSY, BUSY, REST, STOLEN, REST, *[QUIET] * WINDOWS]))
    wait_until_quiet(60.0, lambda _: None, clock.look, clock)
    assert clock.worked == [True, False, False, True, False, *[True] * WINDOWS]


def test_a_hypervisor_that_withholds_only_what_works_is_told_within_a_window() -> None:
    """Between the worked windows an idle machine looks quiet; that lets nobody through."""
    clock, said = Clock(iter([STOLEN, REST] * 50)), list[str]()
    with pytest.raises(Unavailable) as refused:
        wait_until_quiet(20.0, said.append, clock.look, clock)
    withheld = "the hypervisor withholds 0.08 processors (limit 0.05)"
    assert said == [f"Waiting up to 20 s for a quiet machine: {withheld}."]
    assert str(refused.value) == (f"the machine was not quiet within 20 s: {withheld}; give it longer with --wait")


def test_a_real_look_works_and_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_machine, "WINDOW_S", 1.0)
    look = quiet_machine.meter()
    worked, rested = look(work=True).worked, look(work=False).worked
    assert worked is not None
    assert worked > 0
    assert rested is None


@pytest.mark.parametrize("window", [BUSY, Window(0.0, 0.5, 0.0, 0.0), Window(0.5, 0.0, 0.3, 0.0)])
def test_a_machine_that_stays_busy_is_refused_with_what_disturbs(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet_machine, "busy", lambda: ["compiler", "browser"])
    with pytest.raises(Unavailable, match=r"not quiet within 6 s: .*compiler, browser.*--wait"):
        waited(*[window] * 50, limit_s=6.0)


def test_a_machine_that_does_not_tell_counts_as_quiet_and_the_evidence_is_null() -> None:
    evidence, _ = waited(*[Window(None, None, None, 0.0)] * WINDOWS)
    assert evidence["quiet.foreign_cpu"] is None
    assert evidence["quiet.foreign_cpu.missing"] == "not_reported"


def test_a_process_cannot_write_to_the_terminal_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stranger:
        def __init__(self, name: str) -> None:
            self.info, self.used = {"name": name}, 0.0

        def cpu_times(self) -> tuple[float, float]:
            self.used += 1.0
            return self.used, 0.0

    names = ["\x1b[31mred", "two\nlines", "[/bold]"]
    strangers = [Stranger(name) for name in names]
    monkeypatch.setattr(quiet_machine, "strangers", lambda: strangers)
    assert busy(0.01) == ["?[31mred", "two?lines", "[/bold]"]


def test_a_real_stranger_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy process that is no child of ours: here, one that we do not count as such."""
    program = "import time\nend = time.monotonic() + 300\nwhile time.monotonic() < end: pass"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        try:
            name = psutil.Process(process.pid).name()
            monkeypatch.setattr(quiet_machine, "strangers", lambda: [named(process.pid)])
            assert busy(2.0) == [name]
        finally:
            process.kill()


def named(pid: int) -> psutil.Process:
    return next(process for process in psutil.process_iter(["name"]) if process.pid == pid)


def test_our_own_children_are_no_strangers() -> None:
    program = "import time\nend = time.monotonic() + 300\nwhile time.monotonic() < end: pass"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        try:
            ours = {psutil.Process().pid, process.pid}
            assert ours.isdisjoint(stranger.pid for stranger in quiet_machine.strangers())
        finally:
            process.kill()
