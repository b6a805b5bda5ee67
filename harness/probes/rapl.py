"""Processor energy counters (RAPL), read from the kernel's power-capping files."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines
from .host import ROOT, read_text

_ZONES = "sys/class/powercap"
TOTAL = "energy.total"


MOST_W = 5_000.0
"""No counter of one machine rises faster on average; an apparent wrap that does is none."""
NEAR_NS = 30 * 10**9
"""Over a longer gap a wrap cannot be told from a counter that began anew."""


class Domain:
    """One energy counter in microjoules that wraps; ``used_uj`` counts since it was opened.

    ``lost`` says why there is no number any more: the counter could not be read, or it went back without having
    wrapped, as after a suspend or a reset of its driver. What it counted from then on is of an unknown whole.
    """

    def __init__(self, zone: Path) -> None:
        self.name = read_text(zone / "name") or zone.name
        self.used_uj = 0
        self.lost: Missing | None = None
        self._counter = zone / "energy_uj"
        self._range_uj = _whole(read_text(zone / "max_energy_range_uj"))
        self._last_ns = time.monotonic_ns()
        self._last_uj = self._read() or 0

    @property
    def additive(self) -> bool:
        """Whether it enters the total: packages and DRAM do; cores are part of a package, ``psys`` holds all."""
        return self.name.startswith(("package", "dram"))

    def advance(self) -> None:
        """Adds what was used since the last reading; one wrap between two near readings is undone."""
        if self.lost is not None:
            return
        now, at = self._read(), time.monotonic_ns()
        if now is None:
            return
        step = now - self._last_uj
        if step < 0 and now <= self._last_uj <= self._range_uj and at - self._last_ns < NEAR_NS:
            step += self._range_uj
        most = MOST_W * max(1.0, (at - self._last_ns) / 1e9) * 1e6
        if not 0 <= step <= most:
            self.lost = Missing.BAD_COUNTER
            return
        self.used_uj += step
        self._last_uj, self._last_ns = now, at

    def _read(self) -> int | None:
        try:
            text = self._counter.read_text(encoding="ascii").strip()
            value = -1 if "_" in text else int(text)
        except PermissionError:
            self.lost = Missing.NO_PERMISSION
        except (OSError, ValueError):
            self.lost = Missing.NOT_REPORTED
        else:
            if value >= 0:
                return value
            self.lost = Missing.BAD_COUNTER
        return None


def _whole(text: str | None) -> int:
    """The whole number in a file, 0 where there is none."""
    return int(text) if text and text.isascii() and text.isdecimal() else 0


def zones(root: Path = ROOT) -> list[Path]:
    """The kernel's counters. The memory-mapped twins of the same packages (``intel-rapl-mmio``) are left out."""
    return sorted(path.parent for path in (root / _ZONES).glob("intel-rapl:*/energy_uj"))


def unreadable(root: Path = ROOT) -> Missing | None:
    """Why there is no energy here, or ``None`` where a counter can be read."""
    return _all_lost([Domain(zone) for zone in zones(root)])


def _all_lost(domains: Sequence[Domain]) -> Missing | None:
    """Why there is nothing to tell, or ``None`` where one counter still counts."""
    reasons = [domain.lost for domain in domains]
    if not reasons:
        return Missing.NO_SENSOR
    return None if None in reasons else reasons[0]


class RaplProbe:
    """Energy in J since ``open``: ``energy.<domain>`` for each counter, and ``energy.total`` without overlaps.

    A counter that is lost is null with its reason, and the total that needs it too; the others go on. Without any there
    is one null ``energy.total``.
    """

    name = "rapl"
    interval_s = 1.0

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._domains: list[Domain] = []

    @classmethod
    def capability(cls) -> Capability:
        reason = {
            Missing.NO_SENSOR: "the kernel shows no energy counters; virtual machines usually hide them",
            Missing.NO_PERMISSION: "energy counters need privilege; make /sys/class/powercap/*/energy_uj readable",
            Missing.NOT_REPORTED: "the energy counters give no number",
            Missing.BAD_COUNTER: "the energy counters give impossible numbers",
        }
        missing = unreadable()
        return Capability(cls.name, available=missing is None, reason=reason[missing] if missing else "")

    def open(self, engines: Engines) -> None:
        del engines
        self._domains = [Domain(zone) for zone in zones(self._root)]

    def sample(self) -> Iterable[Reading]:
        at = time.monotonic_ns()
        for domain in self._domains:
            domain.advance()
        lost = _all_lost(self._domains)
        if lost is not None:
            return (Reading(self.name, TOTAL, "J", at, None, lost),)
        named = dict.fromkeys(f"energy.{domain.name}" for domain in self._domains)
        parts = {name: [domain for domain in self._domains if f"energy.{domain.name}" == name] for name in named}
        parts[TOTAL] = [domain for domain in self._domains if domain.additive]
        return tuple(self._reading(quantity, domains, at) for quantity, domains in parts.items())

    def _reading(self, quantity: str, domains: Sequence[Domain], at: int) -> Reading:
        lost = next((domain.lost for domain in domains if domain.lost is not None), None)
        used = None if lost else sum(domain.used_uj for domain in domains) / 1e6
        return Reading(self.name, quantity, "J", at, used, lost)

    def close(self) -> None:
        self._domains = []
