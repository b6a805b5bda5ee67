"""Child processes that start in milliseconds, to be killed: a process imports everything once and forks per job.

``python -m tests.support.zygote`` reads one JSON line per order on stdin and answers on stdout with one line:
``["start", job, arguments]`` → the child's pid; ``["wait", pid]`` → its wait status. Jobs are functions of
``tests.support.recorder_jobs``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.errors import BinderyError

ROOT = Path(__file__).resolve().parents[2]


class Zygote:
    """The client's end."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, job: str, *arguments: object) -> int:
        return int(self._ask(["start", job, arguments]))

    def wait(self, pid: int) -> int:
        """The exit code of a child, or minus the number of the signal that ended it."""
        return os.waitstatus_to_exitcode(int(self._ask(["wait", pid])))

    def kill(self, pid: int) -> int:
        """Kills and reaps a child; a child that has ended already is only reaped."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self.wait(pid)

    def _ask(self, order: list[Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@contextmanager
def zygote() -> Iterator[Zygote]:
    command = [sys.executable, "-m", "tests.support.zygote"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield Zygote(process)
        assert process.stdin is not None
        process.stdin.close()


def serve() -> None:
    """Takes orders until stdin ends, then kills what it has started and not reaped."""
    import pandas  # noqa: F401  (pyarrow imports it in each child otherwise)

    from tests.support import recorder_jobs

    started: set[int] = set()
    for line in sys.stdin:
        match json.loads(line):
            case ["start", job, arguments]:
                pid = os.fork()
                if pid == 0:
                    run(getattr(recorder_jobs, job), arguments)
                started.add(pid)
                print(pid, flush=True)
            case ["wait", pid]:
                started.discard(pid)
                print(os.waitpid(pid, 0)[1], flush=True)
    for pid in started:
        os.kill(pid, signal.SIGKILL)


def run(job: Any, arguments: list[Any]) -> None:
    status = 1
    try:
        job(*arguments)
        status = 0
    except BinderyError as error:
        status = error.exit_code
    except BaseException as error:  # noqa: BLE001  (a child must never return into the loop)
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
