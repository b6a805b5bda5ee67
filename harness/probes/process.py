"""Memory, CPU time and threads of the engine and of the client."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

import psutil

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability

_UNITS = {"rss": "B", "cpu_time": "s", "threads": ""}


class ProcessProbe:
    """Quantities ``engine.*`` and ``client.*``: ``rss``, cumulative ``cpu_time`` and ``threads``.

    The engine is the process whose id ``open`` gets; without one its readings are null (``not_applicable``), and
    after its death they are null (``not_reported``).
    """

    name = "process"
    interval_s = 1.0

    def __init__(self) -> None:
        self._watched: dict[str, psutil.Process | None] = {}

    @classmethod
    def capability(cls) -> Capability:
        return Capability(cls.name, available=True, version=f"psutil {psutil.__version__}")

    def open(self, engine_pid: int | None) -> None:
        self._watched = {"client": psutil.Process(os.getpid()), "engine": _process(engine_pid)}
        self._absent = Missing.NOT_APPLICABLE if engine_pid is None else Missing.NOT_REPORTED

    def sample(self) -> Iterable[Reading]:
        for who, process in self._watched.items():
            yield from self._read(who, process)

    def _read(self, who: str, process: psutil.Process | None) -> Iterator[Reading]:
        at = time.monotonic_ns()
        try:
            values = _quantities(process) if process else None
        except psutil.AccessDenied:
            values, why = None, Missing.NO_PERMISSION
        except psutil.NoSuchProcess:
            values, why = None, Missing.NOT_REPORTED
        else:
            why = self._absent
        for quantity, unit in _UNITS.items():
            value = values[quantity] if values else None
            yield Reading(self.name, f"{who}.{quantity}", unit, at, value, None if values else why)

    def close(self) -> None:
        self._watched = {}


def _process(pid: int | None) -> psutil.Process | None:
    try:
        return psutil.Process(pid) if pid is not None else None
    except psutil.NoSuchProcess:
        return None


def _quantities(process: psutil.Process) -> dict[str, float]:
    with process.oneshot():
        if process.status() == psutil.STATUS_ZOMBIE:
            raise psutil.NoSuchProcess(process.pid)
        times = process.cpu_times()
        return {
            "rss": float(process.memory_info().rss),
            "cpu_time": times.user + times.system,
            "threads": float(process.num_threads()),
        }
