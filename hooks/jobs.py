"""Expensive work as data: what makes it, and the key under which the store keeps it.

Where several are waiting they are made ahead by several processes, each into the same store. That is all that
``ahead`` does: a job that fails there is made again, and fails again, where its outcome is asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from .cache import Store


@dataclass(frozen=True, slots=True)
class Job:
    """``target`` (``module:function``) makes JSON-ready data of ``arguments``, or bytes where there is a ``suffix``."""

    kind: str
    key: str
    target: str
    arguments: tuple[Any, ...]
    suffix: str = ""

    def data(self, store: Store) -> Any:
        """The JSON data, made where the store has none."""
        return store.json(self.kind, self.key, self._make)

    def file(self, store: Store) -> Path:
        """The file, made where the store has none."""
        return store.file(self.kind, self.key, self.suffix, self._make)

    def make(self, store: Store) -> None:
        """Has the store keep it."""
        if self.suffix:
            self.file(store)
        else:
            self.data(store)

    def place(self, store: Store) -> Path:
        """Where the store keeps it."""
        return store.path(self.kind, self.key, self.suffix or ".json")

    def waits(self, store: Store) -> bool:
        """Whether the store has nothing yet."""
        return not self.place(store).exists()

    def _make(self) -> Any:
        module, _, function = self.target.partition(":")
        return getattr(import_module(module), function)(*self.arguments)


def ahead(
    store: Store, jobs: Iterable[Job], later: Iterable[Job] = (), processes: int | None = None
) -> Callable[[], None]:
    """Makes the jobs that wait, by as many ``processes`` as there are processors; nothing where one would do.

    Those for ``later`` are begun after them and go on meanwhile; the function that is returned waits for them.
    """
    now, then = (_waiting(store, which) for which in (jobs, later))
    processes = min(processes or _processors(), len(now) + len(then))
    begun: list[Future[None]] = []
    if processes > 1:
        pool = ProcessPoolExecutor(processes, get_context("spawn"), _without_pandas)
        needed, begun = ([pool.submit(_do, store.folder, job) for job in which] for which in (now, then))
        pool.shutdown(wait=False)
        wait(needed)
        store.misses += [job.kind for job in now if not job.waits(store)]

    def finish() -> None:
        wait(begun)
        store.misses += [job.kind for job in then if not job.waits(store)]

    return finish


def _waiting(store: Store, jobs: Iterable[Job]) -> list[Job]:
    return list({(job.kind, job.key): job for job in jobs if job.waits(store)}.values())


def _without_pandas() -> None:
    """pyarrow imports pandas, which takes most of a second, to ask whether an object is one of its; none here is."""

    class Refused(MetaPathFinder):
        def find_spec(self, name: str, *_: object) -> None:
            if name == "pandas":
                raise ModuleNotFoundError(name)

    sys.meta_path.insert(0, Refused())


def _do(folder: Path, job: Job) -> None:
    job.make(Store(folder))


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
