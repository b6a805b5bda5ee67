"""A worker process seen from outside: start it, wait within a hard limit, name how it ended."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from ..events import Run
from ..outcomes import Code, Outcome, failed
from ..protocols.run_spec import RunSpec
from ..protocols.run_wire import load_run

WORKER = (sys.executable, "-m", "harness.worker")


class WorkerProcess:
    """One ``harness.worker`` in its own process group, its stderr in ``log``."""

    def __init__(self, spec: RunSpec, log: Path, command: Sequence[str] = WORKER) -> None:
        self._spec = spec
        self._log = log
        self._began, self._began_unix = time.monotonic_ns(), time.time_ns()
        stdin, self._stdin = os.pipe()
        self._stdout, stdout = os.pipe()
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        os.close(stdin)
        os.close(stdout)

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(self, *_: TracebackType | type[BaseException] | BaseException | None) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    def result(self, timeout_s: float) -> Run:
        """The run, or a failed run that says how the worker ended."""
        deadline = time.monotonic() + timeout_s
        self._send(self._spec.to_json() + b"\n")
        out = self._receive(deadline)
        try:
            code = self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return self._failed(failed(Code.RUN_TIMEOUT, f"no result within {timeout_s:g} s"))
        if out.endswith(b"\n"):
            try:
                return load_run(out)
            except ValidationError as error:
                return self._failed(failed(Code.WORKER_CRASHED, f"unreadable result: {error.errors()[0]['msg']}"))
        return self._failed(ended(code, self._tail()))

    def _send(self, line: bytes) -> None:
        """Standard input stays open afterwards: its end tells the worker that we are gone."""
        with suppress(BrokenPipeError):
            os.write(self._stdin, line)

    def _receive(self, deadline: float) -> bytes:
        """Everything that the worker wrote until it closed its end or the deadline passed."""
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                block = os.read(self._stdout, 1 << 16)
                if not block:
                    break
                received += block
        return bytes(received)

    def kill(self) -> None:
        """Ends the worker and everything that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for end in (self._stdin, self._stdout):
            with suppress(OSError):
                os.close(end)

    def _failed(self, outcome: Outcome) -> Run:
        spec = self._spec
        return Run(
            run_id=spec.run_id,
            cell_id=spec.cell_id,
            replicate=spec.replicate,
            block=spec.block,
            position=spec.position,
            outcome=outcome,
            started_unix_ns=self._began_unix,
            duration_ns=time.monotonic_ns() - self._began,
            requested={"model": spec.model, "backend": spec.backend, **spec.settings},
        )

    def _tail(self) -> str:
        """The last line that the worker wrote to its stderr; empty where somebody removed the log."""
        if not self._log.exists():
            return ""
        lines = self._log.read_bytes()[-2000:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def ended(returncode: int, last_line: str) -> Outcome:
    """What a worker's exit status means.

    A SIGKILL that we did not send is most often the kernel's out-of-memory killer; a kill is all that is known.
    """
    if returncode >= 0:
        code = Code.OUT_OF_MEMORY if "MemoryError" in last_line else Code.WORKER_CRASHED
        return failed(code, f"exit status {returncode}: {last_line}")
    name = signal.Signals(-returncode).name
    code = Code.WORKER_KILLED if -returncode in (signal.SIGKILL, signal.SIGTERM) else Code.WORKER_CRASHED
    return failed(code, f"{name}: {last_line}" if last_line else name)
