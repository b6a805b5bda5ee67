"""Processor energy counters (RAPL), read from the kernel's power-capping files."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines
from .host import ROOT, read_text

_ZONES = "sys/class/powercap"


class Domain:
    """One energy counter in microjoules that wraps; ``used_uj`` counts since it was opened.

    Raises ``OSError`` (also from ``advance``) where the counter cannot be read.
    """

    def __init__(self, zone: Path) -> None:
        self.name = read_text(zone / "name") or zone.name
        self.used_uj = 0
        self._counter = zone / "energy_uj"
        self._range_uj = int(read_text(zone / "max_energy_range_uj") or 0)
        self._last_uj = self._read()

    @property
    def additive(self) -> bool:
        """Whether it enters the total: packages and DRAM do; cores are part of a package, ``psys`` holds all."""
        return self.name.startswith(("package", "dram"))

    def advance(self) -> None:
        """Adds what was used since the last reading; one wrap between two readings is undone.

        Raises ``ValueError`` for a counter that fell and does not tell where it wraps.
        """
        now = self._read()
        step = now - self._last_uj
        if step + self._range_uj < 0 or (step < 0 and not self._range_uj):
            raise ValueError(f"{self.name} fell by {-step} microjoules")
        self.used_uj += step if step >= 0 else step + self._range_uj
        self._last_uj = now

    def _read(self) -> int:
        return int(self._counter.read_text(encoding="ascii"))


def zones(root: Path = ROOT) -> list[Path]:
    """The kernel's counters. The memory-mapped twins of the same packages (``intel-rapl-mmio``) are left out."""
    return sorted(path.parent for path in (root / _ZONES).glob("intel-rapl:*/energy_uj"))


def unreadable(root: Path = ROOT) -> Missing | None:
    """Why there is no energy here, or ``None`` where the counters can be read."""
    found = zones(root)
    if not found:
        return Missing.NO_SENSOR
    try:
        for zone in found:
            Domain(zone)
    except PermissionError:
        return Missing.NO_PERMISSION
    except (OSError, ValueError):
        return Missing.NOT_REPORTED
    return None


class RaplProbe:
    """Energy in J since ``open``: ``energy.<domain>`` for each counter, and ``energy.total`` without overlaps.

    Without readable counters there is one null ``energy.total`` whose reason says why.
    """

    name = "rapl"
    interval_s = 1.0

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._domains: list[Domain] = []
        self._missing: Missing | None = Missing.NO_SENSOR

    @classmethod
    def capability(cls) -> Capability:
        reason = {
            Missing.NO_SENSOR: "the kernel shows no energy counters; virtual machines usually hide them",
            Missing.NO_PERMISSION: "energy counters need privilege; make /sys/class/powercap/*/energy_uj readable",
            Missing.NOT_REPORTED: "the energy counters give no number",
        }
        missing = unreadable()
        return Capability(cls.name, available=missing is None, reason=reason[missing] if missing else "")

    def open(self, engines: Engines) -> None:
        del engines
        self._missing = unreadable(self._root)
        self._domains = [] if self._missing else [Domain(zone) for zone in zones(self._root)]

    def sample(self) -> Iterable[Reading]:
        at = time.monotonic_ns()
        if self._missing is None:
            try:
                for domain in self._domains:
                    domain.advance()
            except OSError:
                self._missing = Missing.NOT_REPORTED
            except ValueError:
                self._missing = Missing.BAD_COUNTER
        if self._missing:
            return (Reading(self.name, "energy.total", "J", at, None, self._missing),)
        return tuple(Reading(self.name, quantity, "J", at, uj / 1e6) for quantity, uj in self._quantities())

    def _quantities(self) -> Iterable[tuple[str, int]]:
        sums: dict[str, int] = {}
        for domain in self._domains:
            key = f"energy.{domain.name}"
            sums[key] = sums.get(key, 0) + domain.used_uj
        sums["energy.total"] = sum(domain.used_uj for domain in self._domains if domain.additive)
        return sums.items()

    def close(self) -> None:
        self._domains = []
