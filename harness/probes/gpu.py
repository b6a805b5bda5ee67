"""GPU facts through NVML, loaded only where its library exists."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import pynvml

from ..events import Scalar
from ..outcomes import Missing

T = TypeVar("T")
Handle = Any

NAMES = ("gpu_count", "gpu_name", "gpu_id", "gpu_driver", "gpu_memory_bytes")


def facts() -> dict[str, Scalar | Missing]:
    """Count, names, hashed identity, driver and memory; all null (``no_sensor``) without an NVIDIA driver.

    What one device does not tell leaves the facts of the others, and its own others, as they are.
    """
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return dict.fromkeys(NAMES, reason(error))
    try:
        return _read()
    finally:
        with suppress(pynvml.NVMLError):
            pynvml.nvmlShutdown()


def handles() -> list[Handle | Missing]:
    """Every device by its index, or why it does not answer. Raises ``NVMLError`` where they cannot be counted."""
    return [told(pynvml.nvmlDeviceGetHandleByIndex, index) for index in range(int(pynvml.nvmlDeviceGetCount()))]


def told(ask: Callable[..., T], *asked: object) -> T | Missing:
    """What NVML answers, or why it does not."""
    try:
        return ask(*asked)
    except pynvml.NVMLError as error:
        return reason(error)


def reason(error: pynvml.NVMLError) -> Missing:
    """Why NVML gave nothing, in the vocabulary of missing values."""
    code = getattr(error, "value", None)
    if code == pynvml.NVML_ERROR_NO_PERMISSION:
        return Missing.NO_PERMISSION
    if code == pynvml.NVML_ERROR_NOT_SUPPORTED:
        return Missing.NOT_REPORTED
    return Missing.NO_SENSOR


def _read() -> dict[str, Scalar | Missing]:
    found = told(handles)
    if isinstance(found, Missing) or not found:
        return dict.fromkeys(NAMES, found if isinstance(found, Missing) else Missing.NO_SENSOR)
    memory = _first(found, pynvml.nvmlDeviceGetMemoryInfo)
    return {
        "gpu_count": len(found),
        "gpu_name": _joined(found, pynvml.nvmlDeviceGetName, "; "),
        "gpu_id": _identity(found),
        "gpu_driver": _text(told(pynvml.nvmlSystemGetDriverVersion)),
        "gpu_memory_bytes": memory if isinstance(memory, Missing) else int(memory.total),
    }


def _identity(devices: Sequence[Handle | Missing]) -> str | Missing:
    """A hash of the identities of all devices; null where one does not tell its own, which would change it."""
    identities = [
        device if isinstance(device, Missing) else told(pynvml.nvmlDeviceGetUUID, device) for device in devices
    ]
    lacking = next((one for one in identities if isinstance(one, Missing)), None)
    if lacking is not None:
        return lacking
    return hashlib.sha256(f"bindery gpu {' '.join(map(str, identities))}".encode()).hexdigest()[:16]


def _first(devices: Sequence[Handle | Missing], ask: Callable[[Handle], T]) -> T | Missing:
    """The answer of the first device that there is."""
    answering = [device for device in devices if not isinstance(device, Missing)]
    return told(ask, answering[0]) if answering else next(d for d in devices if isinstance(d, Missing))


def _joined(devices: Sequence[Handle | Missing], ask: Callable[[Handle], object], between: str) -> str | Missing:
    """The answers of all devices, with the reason in place of one that does not give it; null where none does."""
    said = [device if isinstance(device, Missing) else told(ask, device) for device in devices]
    if all(isinstance(one, Missing) for one in said):
        return next(one for one in said if isinstance(one, Missing))
    return between.join(f"({one.value})" if isinstance(one, Missing) else str(one) for one in said)


def _text(said: object) -> str | Missing:
    return said if isinstance(said, Missing) else str(said)
