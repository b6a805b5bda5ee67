"""A worker that ends in any way is a recorded outcome, and nothing of it is left running."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from harness.events import Run
from harness.execution.worker_process import WorkerProcess
from harness.outcomes import Code, Status
from tests.support.specs import spec_of

SPEC = spec_of("llama_cpp", "smollm2-135m-q4_1", threads=1)


def ran(tmp_path: Path, code: str, timeout_s: float = 300.0) -> Run:
    with WorkerProcess(SPEC, tmp_path / "worker.log", (sys.executable, "-c", code)) as worker:
        return worker.result(timeout_s)


@pytest.mark.parametrize(
    ("code", "expected", "detail"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Code.WORKER_CRASHED, "SIGSEGV"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Code.WORKER_KILLED, "SIGKILL"),
        ("raise MemoryError('no room')", Code.OUT_OF_MEMORY, "MemoryError: no room"),
        ("raise SystemExit(7)", Code.WORKER_CRASHED, "exit status 7"),
        ('print(\'{"not": "a run"}\')', Code.WORKER_CRASHED, "unreadable result"),
        ("print('{', end='')", Code.WORKER_CRASHED, "exit status 0"),
        ("import os, time; os.close(1); time.sleep(900)", Code.RUN_TIMEOUT, "no result within"),
        ("import time; time.sleep(900)", Code.RUN_TIMEOUT, "no result within"),
    ],
)
def test_every_end_has_a_code(tmp_path: Path, code: str, expected: Code, detail: str) -> None:
    run = ran(tmp_path, code, timeout_s=1.5 if expected is Code.RUN_TIMEOUT else 300.0)
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, expected)
    assert detail in run.outcome.detail
    assert (run.run_id, run.position, run.requested) == (
        "abc-000",
        3,
        {"model": "smollm2-135m-q4_1", "backend": "llama_cpp", "threads": 1},
    )


def test_a_hung_worker_is_killed_with_everything_it_started(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    shell = ("sh", "-c", f"sleep 900 & echo $! > '{note}'; sleep 900")
    with WorkerProcess(SPEC, tmp_path / "worker.log", shell) as worker:
        pid = noted(note, within_s=300)
        assert worker.result(0.5).outcome.code is Code.RUN_TIMEOUT
    assert gone(pid, within_s=300)


def test_a_worker_dies_when_its_parent_is_gone(tmp_path: Path) -> None:
    child = (
        "import sys, time; sys.stdin.readline()\n"
        "from harness.processes.parent_death import die_with_parent; die_with_parent(); time.sleep(900)"
    )
    parent = (
        "import subprocess, sys, time\n"
        f"c = subprocess.Popen([sys.executable, '-c', {child!r}], stdin=subprocess.PIPE, start_new_session=True)\n"
        "c.stdin.write(b'\\n'); c.stdin.flush()\n"
        "print(c.pid, flush=True); time.sleep(900)"
    )
    process = psutil.Popen([sys.executable, "-c", parent], stdout=-1)
    pid = int(process.stdout.readline())
    assert psutil.pid_exists(pid)
    process.kill()
    process.wait()
    process.stdout.close()
    assert gone(pid, within_s=300)


def noted(note: Path, within_s: float) -> int:
    """The number of a process, once it is written."""
    deadline = time.monotonic() + within_s
    while not (note.exists() and note.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(note.read_text())


def gone(pid: int, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
