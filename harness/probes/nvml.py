"""NVIDIA devices: power, hardware energy counter, temperature, clocks, utilisation, memory, throttle reasons."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import pynvml

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines
from .gpu import Handle, handles, reason, told

Quantities = tuple[tuple[str, str, Callable[[Handle], float]], ...]
"""The name of a quantity, its unit, and what asks a device for it."""
_POWER: Quantities = (
    ("power", "W", lambda h: pynvml.nvmlDeviceGetPowerUsage(h) / 1e3),
    ("energy", "J", lambda h: pynvml.nvmlDeviceGetTotalEnergyConsumption(h) / 1e3),
)
_STATE: Quantities = (
    ("temperature", "°C", lambda h: float(pynvml.nvmlDeviceGetTemperature(h, pynvml.NVML_TEMPERATURE_GPU))),
    ("sm_clock", "MHz", lambda h: float(pynvml.nvmlDeviceGetClockInfo(h, pynvml.NVML_CLOCK_SM))),
    ("memory_clock", "MHz", lambda h: float(pynvml.nvmlDeviceGetClockInfo(h, pynvml.NVML_CLOCK_MEM))),
    ("utilisation", "%", lambda h: float(pynvml.nvmlDeviceGetUtilizationRates(h).gpu)),
    ("memory_used", "B", lambda h: float(pynvml.nvmlDeviceGetMemoryInfo(h).used)),
    ("throttle_reasons", "", lambda h: float(pynvml.nvmlDeviceGetCurrentClocksThrottleReasons(h))),
)

MOST = {"power": 10_000.0, "temperature": 150.0, "sm_clock": 20_000.0, "memory_clock": 100_000.0, "utilisation": 100.0}
"""More than any device has: what a driver tells beyond is no number, such as all bits of one that it lacks."""


class NvmlProbe:
    """Quantities ``gpuN.*`` of every device: what state it is in."""

    name = "nvml"
    interval_s = 1.0
    quantities = _STATE

    def __init__(self) -> None:
        self._handles: list[Handle | Missing] = []
        self._absent = Missing.NO_SENSOR

    @classmethod
    def capability(cls) -> Capability:
        try:
            pynvml.nvmlInit()
        except pynvml.NVMLError as error:
            return Capability(cls.name, available=False, reason=f"no NVIDIA driver answers ({error}); nothing to do")
        try:
            return Capability(cls.name, available=True, version=str(pynvml.nvmlSystemGetDriverVersion()))
        finally:
            pynvml.nvmlShutdown()

    def open(self, engines: Engines) -> None:
        del engines
        try:
            pynvml.nvmlInit()
            self._handles = handles()
        except pynvml.NVMLError as error:
            self._absent = reason(error)

    def sample(self) -> Iterable[Reading]:
        if not self._handles:
            at = time.monotonic_ns()
            return [
                Reading(self.name, f"gpu0.{name}", unit, at, None, self._absent) for name, unit, _ in self.quantities
            ]
        return [reading for index, handle in enumerate(self._handles) for reading in self._device(index, handle)]

    def _device(self, index: int, handle: Handle | Missing) -> Iterator[Reading]:
        for name, unit, read in self.quantities:
            at = time.monotonic_ns()
            said = handle if isinstance(handle, Missing) else told(read, handle)
            value, why = (None, said) if isinstance(said, Missing) else (said, None)
            if value is not None and not 0 <= value <= MOST.get(name, float("inf")):
                value, why = None, Missing.BAD_COUNTER
            yield Reading(self.name, f"gpu{index}.{name}", unit, at, value, why)

    def close(self) -> None:
        if self._handles:
            self._handles = []
            with suppress(pynvml.NVMLError):
                pynvml.nvmlShutdown()


class NvmlPowerProbe(NvmlProbe):
    """The power of every device, and ``energy``, its own counter since its driver loaded.

    A GPU answers a request in less than a second, so they are read 20 times a second. Devices renew them less often:
    the power of an Ampere GPU (but GA100) and newer ones is a mean over a second (manual of NVML,
    ``nvmlDeviceGetPowerUsage``).
    """

    name = "nvml_power"
    interval_s = 0.05
    quantities = _POWER
