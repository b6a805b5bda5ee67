"""A worker process seen from outside: start it, wait within a hard limit, name how it ended."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from ..events import Run
from ..outcomes import Code, Outcome, failed
from ..processes.child import Child, Ended, python
from ..processes.json_lines import load
from ..protocols.run_spec import RunSpec
from .redaction import redacted, secrets

WORKER = python("harness.worker")


class WorkerProcess:
    """One ``harness.worker`` in its own process group, its standard error in ``log``; use it as a context manager."""

    def __init__(self, spec: RunSpec, log: Path, command: Sequence[str] = WORKER) -> None:
        self._spec = spec
        self._began, self._began_unix = time.monotonic_ns(), time.time_ns()
        self._child = Child("the worker", command, log, own_group=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the worker and everything that it started."""
        self._child.stop()

    def result(self, timeout_s: float) -> Run:
        """The run, or a failed run that says how the worker ended."""
        deadline = time.monotonic() + timeout_s
        self._child.send(self._spec)
        try:
            line = self._child.line(timeout_s)
        except TimeoutError:
            return self._failed(_timeout(timeout_s))
        if line.endswith(b"\n"):
            try:
                return load(Run, redacted(line, secrets()))
            except ValidationError as error:
                return self._failed(failed(Code.WORKER_CRASHED, f"unreadable result: {error.errors()[0]['msg']}"))
        end = self._child.ended(max(0.0, deadline - time.monotonic()))
        return self._failed(outcome_of(end) if end else _timeout(timeout_s))

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
            requested=spec.requested,
        )


def outcome_of(end: Ended) -> Outcome:
    """What the end of a worker means that gave no result.

    A SIGKILL that we did not send is most often the kernel's out-of-memory killer; a kill is all that is known.
    """
    code = Code.WORKER_CRASHED
    if end.status in (-signal.SIGKILL, -signal.SIGTERM):
        code = Code.WORKER_KILLED
    elif end.status >= 0 and "MemoryError" in end.words:
        code = Code.OUT_OF_MEMORY
    return failed(code, str(end))


def _timeout(timeout_s: float) -> Outcome:
    return failed(Code.RUN_TIMEOUT, f"no result within {timeout_s:g} s")
