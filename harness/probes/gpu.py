"""GPU facts through NVML, loaded only where its library exists."""

from __future__ import annotations

import hashlib

import pynvml

from ..events import Scalar
from ..outcomes import Missing

NAMES = ("gpu_count", "gpu_name", "gpu_id", "gpu_driver", "gpu_memory_bytes")


def facts() -> dict[str, Scalar | Missing]:
    """Count, names, hashed identity, driver and memory; all null (``no_sensor``) without an NVIDIA driver."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return dict.fromkeys(NAMES, reason(error))
    try:
        return _read()
    except pynvml.NVMLError as error:
        return dict.fromkeys(NAMES, reason(error))
    finally:
        pynvml.nvmlShutdown()


def reason(error: pynvml.NVMLError) -> Missing:
    """Why NVML gave nothing, in the vocabulary of missing values."""
    code = getattr(error, "value", None)
    if code == pynvml.NVML_ERROR_NO_PERMISSION:
        return Missing.NO_PERMISSION
    if code == pynvml.NVML_ERROR_NOT_SUPPORTED:
        return Missing.NOT_REPORTED
    return Missing.NO_SENSOR


def _read() -> dict[str, Scalar | Missing]:
    count = int(pynvml.nvmlDeviceGetCount())
    if not count:
        return dict.fromkeys(NAMES, Missing.NO_SENSOR)
    handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(count)]
    identifiers = " ".join(str(pynvml.nvmlDeviceGetUUID(handle)) for handle in handles)
    return {
        "gpu_count": count,
        "gpu_name": "; ".join(str(pynvml.nvmlDeviceGetName(handle)) for handle in handles),
        "gpu_id": hashlib.sha256(f"bindery gpu {identifiers}".encode()).hexdigest()[:16],
        "gpu_driver": str(pynvml.nvmlSystemGetDriverVersion()),
        "gpu_memory_bytes": int(pynvml.nvmlDeviceGetMemoryInfo(handles[0]).total),
    }
