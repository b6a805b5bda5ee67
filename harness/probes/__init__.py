"""Telemetry: what the machine, the engine and the client did while a run was measured."""

from __future__ import annotations

from ..protocols import Probe
from ..registry import Registry

PROBES: Registry[type[Probe]] = Registry(
    "probe",
    ("process", "harness.probes.process:ProcessProbe"),
    ("memory", "harness.probes.memory:MemoryProbe"),
    ("loop_lag", "harness.probes.loop_lag:LoopLag"),
    ("clock", "harness.probes.clock:ClockProbe"),
    ("nvml", "harness.probes.nvml:NvmlProbe"),
    ("nvml_power", "harness.probes.nvml:NvmlPowerProbe"),
    ("rapl", "harness.probes.rapl:RaplProbe"),
)
