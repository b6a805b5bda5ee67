"""Jobs that several processes make at once, each into the same store, before their outcomes are needed.

A job that fails there is made again, and fails again, where its outcome is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from harness.processors import processors
from harness.unneeded import PANDAS, refuse

from .code_digest import recall
from .job import Job
from .store import Store


class Ahead:
    """Makes the jobs that wait, by as many ``processes`` as there are processors.

    A process takes as long to start as a job or two, so each gets two long ones, and for a single one none is started.
    """

    def __init__(self, store: Store, processes: int | None = None) -> None:
        self._store = store
        self._processes = processes or len(processors())
        self._pool: ProcessPoolExecutor | None = None
        self._begun: list[tuple[Job, Future[None]]] = []

    def begin(self, jobs: Iterable[Job]) -> None:
        """Has them made in this order, after all that was begun before."""
        waiting = list({(job.kind, job.key): job for job in jobs if job.waits(self._store)}.values())
        long = sum(not job.short for job in waiting)
        if self._pool is None and min(self._processes, long) > 1:
            processes = min(self._processes, long // 2)
            self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _ready, (self._store.folder,))
        for job in waiting:
            self._submit(job)

    def _submit(self, job: Job) -> None:
        """A pool that has lost a process takes nothing more: what waits is made where it is asked for."""
        if self._pool is not None:
            try:
                self._begun.append((job, self._pool.submit(_do, self._store.folder, job)))
            except BrokenProcessPool:
                self.stop()

    def wait(self) -> None:
        """Until all that was begun is made, or has failed."""
        wait([future for _, future in self._begun])
        self._store.misses += [job.kind for job, _ in self._begun if not job.waits(self._store)]
        self._begun.clear()

    def finish(self) -> None:
        """Waits for the last time."""
        self.wait()
        self.stop()

    def stop(self) -> None:
        """Ends the processes; what has not begun is not made. A pool that is left open fails at the end of ours."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _ready(folder: Path) -> None:
    """A process that makes jobs for the store in ``folder``."""
    refuse(PANDAS)
    recall(Store(folder))


def _do(folder: Path, job: Job) -> None:
    job.make(Store(folder))
