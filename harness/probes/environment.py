"""The environment of a measurement: ``facts()`` once per session, ``load()`` before and after each run."""

from __future__ import annotations

import platform

from ..events import Scalar
from ..outcomes import Missing
from . import client, cpu, gpu, host
from .clock import resolution_ns
from .facts import FACTS, Fact, flatten, identity_differences
from .machine_load import LoadMeter

__all__ = ["FACTS", "Fact", "facts", "identity_differences", "load"]


def facts() -> dict[str, Scalar]:
    """What this machine is, flat and typed by ``FACTS``; null values have a ``<name>.missing`` reason.

    Runs no program and needs no privilege. Takes about 10 ms, more where a GPU driver must wake up.
    """
    found: dict[str, Scalar | Missing] = {
        "os": f"{platform.system()} {platform.release()}" if platform.system() != "Linux" else host.distribution(),
        "kernel": platform.release(),
        "arch": platform.machine(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "clock_resolution_ns": resolution_ns(),
    }
    found |= client.facts() | host.boot() | host.virtualisation() | cpu.facts() | gpu.facts()
    return flatten(found | {"host_id": host.hardware_id(found)})


_meter = LoadMeter()


def load() -> dict[str, Scalar]:
    """What the machine is doing: call it before and after a run, in the process that runs it.

    The first call looks at a window of 0.1 s (it blocks for that long); each later one at the time since the call
    before it, at least 0.1 s, so the second call tells what happened *during* the run. Keys as ``load.LoadMeter.read``.
    """
    return _meter.read()
