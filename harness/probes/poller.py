"""Runs probes around a measurement: one bracket at each end and a slow poll between, off the event loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

from ..events import Reading
from ..protocols import Probe
from . import PROBES


class Poller:
    """Polls probes in one thread, each every ``max(interval_s, probe.interval_s)`` seconds.

    A probe whose capability is missing is asked once, for its null and the reason. ``start`` and ``stop`` belong to
    the event loop's thread; each samples every probe once, so a run shorter than the interval still has both ends.
    """

    def __init__(self, probes: Iterable[Probe], interval_s: float = 1.0) -> None:
        self._probes = tuple(probes)
        self._interval_s = interval_s
        self._live: tuple[Probe, ...] = ()
        self._readings: list[Reading] = []
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._origin_ns = 0

    @classmethod
    def named(cls, names: Sequence[str] = tuple(PROBES), interval_s: float = 1.0) -> Self:
        """A poller of registered probes. Raises ``UnknownName``."""
        return cls([PROBES.load(name)() for name in names], interval_s)

    @property
    def probes(self) -> tuple[Probe, ...]:
        return self._probes

    def start(self, engine_pid: int | None, origin_ns: int | None = None) -> None:
        """Opens every probe and begins; ``at_ns`` of readings counts from ``origin_ns`` (``monotonic_ns``; now)."""
        self._origin_ns = time.monotonic_ns() if origin_ns is None else origin_ns
        for probe in self._probes:
            probe.open(engine_pid)
        self._take(self._probes)
        self._live = tuple(probe for probe in self._probes if probe.capability().available)
        self._thread = threading.Thread(target=self._poll, name="probes", daemon=True)
        self._thread.start()

    def _poll(self) -> None:
        due = {id(probe): time.monotonic() for probe in self._live}
        while True:
            for probe in self._live:
                due[id(probe)] += max(self._interval_s, probe.interval_s) if due[id(probe)] <= time.monotonic() else 0.0
            if self._stopped.wait(max(0.0, min(due.values(), default=3600.0) - time.monotonic())):
                return
            self._take(tuple(probe for probe in self._live if due[id(probe)] <= time.monotonic()))

    def _take(self, probes: Iterable[Probe]) -> None:
        for probe in probes:
            self._readings.extend(replace(r, at_ns=r.at_ns - self._origin_ns) for r in probe.sample())

    def stop(self) -> tuple[Reading, ...]:
        """Takes the closing bracket, closes every probe and returns all readings in time order. Idempotent."""
        if self._thread is None:
            return tuple(self._readings)
        self._stopped.set()
        self._thread.join()
        self._thread = None
        self._take(self._live)
        for probe in self._probes:
            probe.close()
        self._readings.sort(key=lambda reading: reading.at_ns)
        return tuple(self._readings)
