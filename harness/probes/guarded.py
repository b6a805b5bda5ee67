"""A probe that fails ends neither a run nor another probe: what it does not tell is null with a reason."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability, Probe
from ..protocols.probe import Engines


class Guarded:
    """What ``inner`` tells. Where it raises, each quantity that it told before is null, and one of its own name where
    it never told any; a number that is not finite is null (``bad_counter``)."""

    def __init__(self, inner: Probe) -> None:
        self.inner = inner
        self.name, self.interval_s = inner.name, inner.interval_s
        self._told: dict[str, str] = {}
        self._unopened: Missing | None = None

    def capability(self) -> Capability:
        """That of the probe; not available where it fails to say."""
        try:
            return self.inner.capability()
        except Exception as error:  # noqa: BLE001 - a sensor fails in its own ways
            return Capability(self.name, available=False, reason=f"{type(error).__name__}: {error}")

    def open(self, engines: Engines) -> None:
        """Begins with the processes of the engines."""
        self._unopened = None
        try:
            self.inner.open(engines)
        except Exception as error:  # noqa: BLE001 - a sensor fails in its own ways
            self._unopened = _reason(error)

    def sample(self) -> Iterable[Reading]:
        """The readings now."""
        if self._unopened is not None:
            return self._nulls(self._unopened)
        found: dict[str, Reading] = {}
        lost: list[Reading] = []
        try:
            for reading in self.inner.sample():
                found[reading.quantity] = _finite(reading)
        except Exception as error:  # noqa: BLE001 - a sensor fails in its own ways
            lost = [null for null in self._nulls(_reason(error)) if null.quantity not in found]
        self._told |= {reading.quantity: reading.unit for reading in found.values()}
        return [*found.values(), *lost]

    def _nulls(self, why: Missing) -> list[Reading]:
        at, told = time.monotonic_ns(), self._told or {self.name: ""}
        return [Reading(self.name, quantity, unit, at, None, why) for quantity, unit in told.items()]

    def close(self) -> None:
        """Ends; a sensor that is gone needs no closing."""
        try:
            self.inner.close()
        except Exception:  # noqa: BLE001 - a sensor fails in its own ways
            self._unopened = Missing.NOT_REPORTED


def _finite(reading: Reading) -> Reading:
    if reading.value is None or isfinite(reading.value):
        return reading
    return replace(reading, value=None, missing=Missing.BAD_COUNTER)


def _reason(error: Exception) -> Missing:
    return Missing.NO_PERMISSION if isinstance(error, PermissionError) else Missing.NOT_REPORTED
