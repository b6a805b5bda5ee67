"""Runs probes around a measurement: one bracket at each end and a slow poll between, off the event loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Self

from ..events import Reading, Scalar
from ..protocols import Probe
from ..protocols.probe import Engines
from . import PROBES
from .guarded import Guarded
from .loop_lag import LoopLag

_IDLE_S = 60.0
"""How often a poller without probes looks whether it should stop."""


class Poller:
    """Polls probes in one thread, each every ``max(interval_s, probe.interval_s)`` seconds, or ``pace`` times as often.

    A probe that fails is null with a reason, and the others go on. One whose capability is missing is asked once, for
    its null and the reason. ``start`` and ``stop`` belong to the event loop's thread; each samples every probe once, so
    a run shorter than the interval still has both ends.
    ``prepare`` is called first in the polling thread, for what a thread must ask of the system for itself.
    """

    def __init__(
        self,
        probes: Iterable[Probe],
        interval_s: float = 0.0,
        prepare: Callable[[], None] | None = None,
        pace: float = 1.0,
    ) -> None:
        self._probes = tuple(map(Guarded, probes))
        self._interval_s = interval_s
        self._pace = pace
        self._prepare = prepare
        self._live: tuple[Guarded, ...] = ()
        self._readings: list[Reading] = []
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._began_ns = 0

    @classmethod
    def named(
        cls,
        names: Iterable[str] = PROBES,
        interval_s: float = 0.0,
        prepare: Callable[[], None] | None = None,
        pace: float = 1.0,
        further: Iterable[Probe] = (),
    ) -> Self:
        """A poller of registered probes (of all without names) and of ``further`` ones. Raises ``UnknownName``."""
        return cls([*(PROBES.load(name)() for name in names), *further], interval_s, prepare, pace)

    def start(self, engines: Engines, began_ns: int | None = None) -> None:
        """Opens every probe for the processes of the engines, takes the opening bracket and begins to poll.

        Readings count their ``at_ns`` from ``began_ns`` (``time.monotonic_ns``; without it, from now).
        """
        self._began_ns = time.monotonic_ns() if began_ns is None else began_ns
        for probe in self._probes:
            probe.open(engines)
        self._take(self._probes)
        self._live = tuple(probe for probe in self._probes if probe.capability().available)
        self._thread = threading.Thread(target=self._poll, name="probes", daemon=True)
        self._thread.start()

    def _poll(self) -> None:
        if self._prepare is not None:
            self._prepare()
        every = {probe.name: max(self._interval_s, probe.interval_s) / self._pace for probe in self._live}
        due = {name: time.monotonic() + interval for name, interval in every.items()}
        while not self._stopped.wait(_until(due.values())):
            now = time.monotonic()
            ready = [probe for probe in self._live if due[probe.name] <= now]
            self._take(ready)
            for probe in ready:
                missed = (now - due[probe.name]) // every[probe.name]
                due[probe.name] += (missed + 1) * every[probe.name]

    def _take(self, probes: Iterable[Guarded]) -> None:
        for probe in probes:
            self._readings.extend(replace(r, at_ns=r.at_ns - self._began_ns) for r in probe.sample())

    def stop(self) -> tuple[Reading, ...]:
        """Takes the closing bracket, closes every probe and returns all readings in time order. Idempotent."""
        if self._thread is None:
            return tuple(self._readings)
        self._still_the_lag()
        self._stopped.set()
        self._thread.join()
        self._thread = None
        self._take(self._live)
        for probe in self._probes:
            probe.close()
        self._readings.sort(key=lambda reading: reading.at_ns)
        return tuple(self._readings)

    def _still_the_lag(self) -> None:
        """Ends the ticks before the closing bracket, whose own reading would pass for lag of the loop."""
        for probe in self._probes:
            if isinstance(probe.inner, LoopLag):
                probe.inner.close()

    def facts(self) -> dict[str, Scalar]:
        """Summaries for the run's facts, after ``stop``: the loop lag, where that probe took part."""
        lags = [probe.inner for probe in self._probes if isinstance(probe.inner, LoopLag)]
        return {name: fact for lag in lags for name, fact in lag.stop().items()}


def _until(due: Iterable[float]) -> float:
    """Seconds from now to the earliest of ``due``."""
    now = time.monotonic()
    return max(0.0, min(due, default=now + _IDLE_S) - now)
