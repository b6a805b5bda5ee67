"""What the kernel says of an engine's memory, at both ends of what is watched; adding it up is too slow for a poll."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines
from .host import ROOT

_KIB = re.compile(r"^(\w+):\s+(\d+) kB$", re.MULTILINE)
_UNITS = {"pss": "B", "anonymous": "B", "rss_highest": "B", "swap": "B", "minor_faults": "", "major_faults": ""}


class MemoryProbe:
    """Quantities ``engine.*``: ``pss`` (resident pages, each shared by those who map it), ``anonymous`` (resident pages
    that are no file's), ``rss_highest`` since the process began, ``swap``, and page faults since then: ``minor_faults``
    without reading a disk, ``major_faults`` with.

    Of several engines, the quantities are ``engine.NAME.*``. An engine that is no process of ours has null readings
    (``not_applicable``), one that has died or whose files cannot be understood too (``not_reported``).
    """

    name = "memory"
    interval_s = 3600.0

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._pids: dict[str, int | None] = {}

    @classmethod
    def capability(cls) -> Capability:
        if Path(f"/proc/{os.getpid()}/smaps_rollup").exists():
            return Capability(cls.name, available=True, version="smaps_rollup")
        return Capability(cls.name, available=False, reason="the kernel has no smaps_rollup; it needs Linux")

    def open(self, engines: Engines) -> None:
        self._pids = {f"engine.{name}" if name else "engine": pid for name, pid in engines.items()}

    def sample(self) -> Iterable[Reading]:
        for who, pid in self._pids.items():
            yield from self._read(who, pid)

    def _read(self, who: str, pid: int | None) -> Iterator[Reading]:
        at = time.monotonic_ns()
        values: dict[str, float] = {}
        why: Missing | None = None
        try:
            values = self._values(pid) if pid is not None else {}
        except PermissionError:
            why = Missing.NO_PERMISSION
        except (OSError, ValueError, KeyError, IndexError):
            why = Missing.NOT_REPORTED
        else:
            why = None if values else Missing.NOT_APPLICABLE
        for quantity, unit in _UNITS.items():
            yield Reading(self.name, f"{who}.{quantity}", unit, at, values.get(quantity), why)

    def _values(self, pid: int) -> dict[str, float]:
        folder = self._root / "proc" / str(pid)
        rollup = _kibibytes(folder / "smaps_rollup")
        status = _kibibytes(folder / "status")
        after_name = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return {
            "pss": rollup["Pss"],
            "anonymous": rollup["Anonymous"],
            "rss_highest": status["VmHWM"],
            "swap": rollup["Swap"],
            "minor_faults": float(after_name[7]),
            "major_faults": float(after_name[9]),
        }

    def close(self) -> None:
        self._pids = {}


def _kibibytes(path: Path) -> dict[str, float]:
    text = path.read_text(encoding="utf-8", errors="replace")
    return {name: 1024.0 * int(number) for name, number in _KIB.findall(text)}
