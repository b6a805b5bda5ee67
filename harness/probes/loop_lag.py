"""How late the client's event loop runs what is due: the client's share of every latency it reports."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass

from ..events import Reading, Scalar
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines
from . import timer

_PERIOD_NS = 50_000_000
"""Every wake-up costs the machine about 0.1 ms: twenty a second stay within 0.3 % of one processor."""


@dataclass(frozen=True, slots=True)
class LagSummary:
    """Loop lag in nanoseconds over ``n`` ticks; percentiles are of the ticks seen (nearest rank)."""

    n: int
    p50_ns: int
    p99_ns: int
    max_ns: int


class LoopLag:
    """Lateness of ticks that are due every 50 ms on an absolute schedule, so that a stall counts every tick it hid.

    ``start`` (``open`` for a poller) must be called in the thread of a running event loop. ``sample`` may be called
    from another thread and gives the largest lag since the last sample, in ms; ``stop`` gives the facts of a run.
    """

    name = "loop_lag"
    interval_s = 1.0

    def __init__(self, period_ns: int = _PERIOD_NS) -> None:
        self._period_ns = period_ns
        self._lags: list[int] = []
        self._sampled = 0
        self._timer: timer.KernelTimer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due_ns = 0

    @classmethod
    def capability(cls) -> Capability:
        if timer.available():
            return Capability(cls.name, available=True, version="timerfd")
        return Capability(cls.name, available=False, reason="needs the kernel timers of Linux")

    def open(self, engines: Engines) -> None:
        del engines
        self.start()

    def start(self) -> None:
        """Begins to tick in the running loop; does nothing where the kernel has no such timers."""
        if not timer.available():
            return
        self._loop = asyncio.get_running_loop()
        self._due_ns = time.monotonic_ns() + self._period_ns
        self._timer = timer.KernelTimer(self._due_ns, self._period_ns)
        self._loop.add_reader(self._timer.fileno(), self._tick)

    def _tick(self) -> None:
        now = time.monotonic_ns()
        if self._timer is None:
            return
        for _ in range(self._timer.read()):
            self._lags.append(max(0, now - self._due_ns))
            self._due_ns += self._period_ns

    def sample(self) -> Iterable[Reading]:
        seen = len(self._lags)
        new = self._lags[self._sampled : seen]
        self._sampled = seen
        at = time.monotonic_ns()
        if new:
            return (Reading(self.name, "loop_lag_max", "ms", at, max(new) / 1e6),)
        why = Missing.NOT_REPORTED if timer.available() else Missing.NO_SENSOR
        return (Reading(self.name, "loop_lag_max", "ms", at, None, why),)

    def summary(self) -> LagSummary | None:
        """The lag since ``start``, or ``None`` before the first tick."""
        if not self._lags:
            return None
        ordered = sorted(self._lags)
        return LagSummary(len(ordered), _rank(ordered, 0.50), _rank(ordered, 0.99), ordered[-1])

    def close(self) -> None:
        if self._timer is None or self._loop is None:
            return
        self._tick()
        self._loop.remove_reader(self._timer.fileno())
        self._timer.close()
        self._timer = None

    def stop(self) -> dict[str, Scalar]:
        """Ends it; facts ``loop_lag_{p50,p99,max}_ns`` and ``loop_lag_n``, null before the first tick. Idempotent."""
        self.close()
        found = self.summary()
        return {
            "loop_lag_n": found.n if found else 0,
            "loop_lag_p50_ns": found.p50_ns if found else None,
            "loop_lag_p99_ns": found.p99_ns if found else None,
            "loop_lag_max_ns": found.max_ns if found else None,
        }


def _rank(ordered: list[int], share: float) -> int:
    return ordered[math.ceil(share * len(ordered)) - 1]
