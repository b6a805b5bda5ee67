"""Memory, CPU time and threads of the engine and of the client."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator

import psutil

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines

_UNITS = {"rss": "B", "cpu_time": "s", "threads": ""}


class ProcessProbe:
    """Quantities ``engine.*`` and ``client.*``: ``rss``, cumulative ``cpu_time`` and ``threads``.

    Of several engines, the quantities are ``engine.NAME.*``. An engine that is no process of ours has null readings
    (``not_applicable``), and one that has died too (``not_reported``).
    """

    name = "process"
    interval_s = 1.0

    def __init__(self) -> None:
        self._watched: dict[str, psutil.Process | None] = {}
        self._nobodys: set[str] = set()

    @classmethod
    def capability(cls) -> Capability:
        return Capability(cls.name, available=True, version=f"psutil {psutil.__version__}")

    def open(self, engines: Engines) -> None:
        named = {f"engine.{name}" if name else "engine": pid for name, pid in engines.items()}
        self._watched = {"client": psutil.Process(os.getpid()), **{who: _process(pid) for who, pid in named.items()}}
        self._nobodys = {who for who, pid in named.items() if pid is None}

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
            why = Missing.NOT_APPLICABLE if who in self._nobodys else Missing.NOT_REPORTED
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
