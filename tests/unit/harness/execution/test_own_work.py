"""Our own work is ours, yields to everybody, and ends with what it was started for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from harness.errors import ChildFailed
from harness.execution import own_work
from harness.execution.own_work import MOST_PROCESSORS, allowed, working
from harness.execution.quiet_machine import strangers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PATIENCE_S = 120.0


def spinning() -> list[psutil.Process]:
    """The processes of our work that this process has started, their parent among them."""
    return [one for one in psutil.Process().children(recursive=True) if own_work.__name__ in " ".join(one.cmdline())]


def all_gone(processes: list[psutil.Process]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_one_process_for_each_processor_works_below_everybody() -> None:
    with working() as work:
        processes = spinning()
        assert len(processes) == 1 + len(allowed())
        deadline = time.monotonic() + PATIENCE_S
        while not work.used_s() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert work.used_s() > 0
        assert {one.nice() for one in processes} == {19}
        assert sorted(one.cpu_affinity() for one in processes[1:]) == [[number] for number in allowed()]
        assert not set(processes) & set(strangers())
    assert all_gone(processes)


def test_many_processors_are_not_all_worked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(128)))
    assert allowed() == tuple(range(MOST_PROCESSORS))


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_it_ends_however_the_block_ends(error: type[BaseException]) -> None:
    processes = list[psutil.Process]()

    def fail() -> None:
        with working():
            processes.extend(spinning())
            raise error

    with pytest.raises(error):
        fail()
    assert len(processes) == 1 + len(allowed())
    assert all_gone(processes)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_it_ends_with_the_process_that_asked_for_it(stop: signal.Signals) -> None:
    program = (
        "import time\nfrom harness.execution.own_work import working\n"
        "with working():\n    print('works', flush=True)\n    time.sleep(600)"
    )
    line = [sys.executable, "-c", program]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "works\n"
        processes = psutil.Process(process.pid).children(recursive=True)
        assert len(processes) == 1 + len(allowed())
        process.send_signal(stop)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert all_gone(processes)
    assert errors.count("Traceback") == (stop == signal.SIGINT)


def test_work_that_does_not_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_work, "python", lambda _: (sys.executable, "-c", "raise SystemExit('no processes left')"))
    with pytest.raises(ChildFailed, match="our own work did not begin: exit status 1: no processes left"), working():
        pass
