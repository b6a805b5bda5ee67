"""Who else is using the machine, how hot it is and how fast it runs."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..events import Scalar
from ..outcomes import MISSING_SUFFIX, Missing
from .clock import resolution_ns
from .host import ROOT, read_text

_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PROCESSOR = re.compile(r"^cpu(\d+) ((?:\d+ ?){8,})$", re.MULTILINE)
"""A line of ``/proc/stat``: user, nice, system, idle, iowait, irq, softirq, steal, and what newer kernels add."""

_WINDOW_S = 0.1
"""Shortest window: CPU time is counted in steps of 10 ms."""

ROUNDING_S = 1e-6
COLDEST, HOTTEST = -55.0, 150.0
"""A sensor (°C) that tells less or more is none, or is broken."""


@dataclass(frozen=True, slots=True)
class _Ticks:
    """Seconds of CPU time since boot: of all processes on the processors that we may use and on the others, of our
    own tree, and stolen by the hypervisor."""

    at_s: float
    processors: frozenset[int]
    everyone_s: float
    elsewhere_s: float
    ours_s: float
    stolen_s: float


class LoadMeter:
    """Reads the machine's load; foreign CPU is measured between two reads in the same process."""

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._last: _Ticks | None = None

    def read(self) -> dict[str, Scalar]:
        """The load now; blocks for up to 0.1 s after the read before it.

        Keys, null with ``<key>.missing`` where the machine does not tell: ``load_1m`` runnable tasks, mean of a
        minute; ``window_s`` the time looked at; ``foreign_cpu`` processors used by others than this process and its
        children, mean of the window, of those that this process may use; ``elsewhere_cpu`` the processors in use that
        it may not use; ``steal`` processors withheld by the hypervisor; ``temperature`` hottest sensor (°C);
        ``cpu_mhz`` mean frequency; ``throttle_count`` thermal throttling events since boot; ``clock_resolution_ns``;
        ``memory_available`` (B).
        """
        found: dict[str, Scalar | Missing] = {
            "load_1m": os.getloadavg()[0],
            **self._cpu(),
            "temperature": _temperature(),
            "cpu_mhz": _frequency(),
            "throttle_count": _throttle_count(self._root),
            "clock_resolution_ns": resolution_ns(),
            "memory_available": psutil.virtual_memory().available,
        }
        return {key: value for name, fact in found.items() for key, value in _null(name, fact)}

    def _cpu(self) -> dict[str, Scalar | Missing]:
        before = self._last or _ticks(self._root)
        if before is not None:
            time.sleep(max(0.0, before.at_s + _WINDOW_S - time.monotonic()))
        now = self._last = _ticks(self._root)
        if before is None or now is None:
            return dict.fromkeys(("window_s", "foreign_cpu", "elsewhere_cpu", "steal"), Missing.NOT_REPORTED)
        window = now.at_s - before.at_s
        used, ours = now.everyone_s - before.everyone_s, now.ours_s - before.ours_s
        alike = now.processors == before.processors
        return {
            "window_s": round(window, 6),
            "foreign_cpu": _processors(max(0.0, used - ours), window, alike=alike and used >= -ROUNDING_S),
            "elsewhere_cpu": _processors(now.elsewhere_s - before.elsewhere_s, window, alike=alike),
            "steal": _processors(now.stolen_s - before.stolen_s, window, alike=alike),
        }


def _processors(spent_s: float, window_s: float, *, alike: bool) -> float | Missing:
    """Processors in use; null where a counter fell, or where they are not all ``alike`` in both reads."""
    if not alike or spent_s < -ROUNDING_S:
        return Missing.BAD_COUNTER
    return round(max(0.0, spent_s) / window_s, 4)


def _null(name: str, fact: Scalar | Missing) -> tuple[tuple[str, Scalar], ...]:
    if isinstance(fact, Missing):
        return ((name, None), (name + MISSING_SUFFIX, fact.value))
    return ((name, fact),)


def _ticks(root: Path) -> _Ticks | None:
    """CPU time so far, or ``None`` where the kernel has no ``/proc/stat``. Interrupt time belongs to nobody."""
    counts = {
        int(name): [int(n) / _PER_SECOND for n in ticks.split()]
        for name, ticks in _PROCESSOR.findall(read_text(root / "proc/stat") or "")
    }
    if not counts:
        return None
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else counts.keys()
    used = {processor: sum(seconds[:3]) for processor, seconds in counts.items()}
    return _Ticks(
        time.monotonic(),
        frozenset(counts),
        everyone_s=sum(used[processor] for processor in used.keys() & allowed),
        elsewhere_s=sum(used[processor] for processor in used.keys() - allowed),
        ours_s=_own_tree_s(),
        stolen_s=sum(counts[processor][7] for processor in counts.keys() & allowed),
    )


def _own_tree_s() -> float:
    """CPU seconds of this process, of its living descendants, and of those that it has waited for."""
    own = psutil.Process()
    total = 0.0
    for process in (own, *own.children(recursive=True)):
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


def _temperature() -> float | Missing:
    sensors = psutil.sensors_temperatures() if hasattr(psutil, "sensors_temperatures") else {}
    readings = [entry.current for entries in sensors.values() for entry in entries if COLDEST < entry.current < HOTTEST]
    return float(max(readings)) if readings else Missing.NO_SENSOR


def _frequency() -> float | Missing:
    try:
        mhz = float(psutil.cpu_freq().current)
    except (AttributeError, OSError, NotImplementedError):  # what psutil does where there is no such sensor
        return Missing.NO_SENSOR
    return mhz if mhz > 0 else Missing.NO_SENSOR


def _throttle_count(root: Path) -> int | Missing:
    counters = (root / "sys/devices/system/cpu").glob("cpu[0-9]*/thermal_throttle/*_throttle_count")
    counts = [int(text) for path in counters if (text := read_text(path)) and text.isdecimal()]
    return sum(counts) if counts else Missing.NO_SENSOR
