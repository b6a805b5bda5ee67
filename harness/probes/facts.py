"""The vocabulary of an environment: every fact has a type, a unit and a meaning.

``identity`` tells whether a difference forbids pooling two sets of runs: a mean over two machines is not a mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..events import Scalar
from ..outcomes import MISSING_SUFFIX, Missing


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of an environment. Unknown values are null and ``<name>.missing`` says why."""

    name: str
    kind: type[str] | type[int] | type[float] | type[bool]
    unit: str
    meaning: str
    identity: bool = True


FACTS: tuple[Fact, ...] = (
    Fact("host_id", str, "", "hash of the hardware: processor, cores, memory, GPU and hypervisor"),
    Fact("boot_id", str, "", "hash of the boot id: changes when the machine restarts", identity=False),
    Fact("os", str, "", "operating system and its release"),
    Fact("kernel", str, "", "kernel release"),
    Fact("arch", str, "", "instruction set"),
    Fact("python", str, "", "interpreter and version"),
    Fact("client", str, "", "hash of our receive path and its libraries: which instrument measured"),
    Fact("cpu_model", str, "", "processor model as the kernel names it"),
    Fact("cpu_revision", str, "", "vendor, family, model, stepping and microcode of the processor"),
    Fact("cpu_features", str, "", "vector and matrix extensions that inference kernels use"),
    Fact("cores_logical", int, "", "logical processors of the machine"),
    Fact("cores_physical", int, "", "physical cores of the machine"),
    Fact("cores_allowed", int, "", "logical processors that this process may run on"),
    Fact("cpu_quota", float, "", "processors granted by the control group"),
    Fact("scheduling", str, "", "scheduling policy and niceness of the measuring process"),
    Fact("governor", str, "", "frequency scaling governor of the first processor"),
    Fact("memory_bytes", int, "B", "physical memory"),
    Fact("hypervisor", str, "", "virtual machine monitor, 'none' on bare metal"),
    Fact("container", str, "", "container runtime, 'none' outside one"),
    Fact("clock_source", str, "", "kernel clock source"),
    Fact("clock_resolution_ns", int, "ns", "smallest step seen on the monotonic clock", identity=False),
    Fact("gpu_count", int, "", "NVIDIA devices"),
    Fact("gpu_name", str, "", "device names in index order"),
    Fact("gpu_id", str, "", "hash of the device UUIDs"),
    Fact("gpu_driver", str, "", "NVIDIA driver version"),
    Fact("gpu_memory_bytes", int, "B", "memory of the first device"),
)

_BY_NAME = {fact.name: fact for fact in FACTS}


def fact(name: str) -> Fact:
    """The declaration of a fact. Raises ``KeyError`` for an undeclared one."""
    return _BY_NAME[name]


def flatten(found: Mapping[str, Scalar | Missing]) -> dict[str, Scalar]:
    """All declared facts in order; a ``Missing`` becomes null beside ``<name>.missing``.

    Raises ``KeyError`` for an undeclared name and ``TypeError`` for a value of another type.
    """
    for name in found:
        fact(name)
    flat: dict[str, Scalar] = {}
    for declared in FACTS:
        value = found.get(declared.name, Missing.NOT_REPORTED)
        if isinstance(value, Missing):
            flat[declared.name] = None
            flat[declared.name + MISSING_SUFFIX] = value.value
        elif type(value) is not declared.kind:
            raise TypeError(f"fact {declared.name!r} is {value!r}, not {declared.kind.__name__}")
        else:
            flat[declared.name] = value
    return flat


def identity_differences(a: Mapping[str, Scalar], b: Mapping[str, Scalar]) -> tuple[str, ...]:
    """The identity facts in which two environments differ, as ``name: a ≠ b``; empty where runs may be pooled."""
    return tuple(
        f"{f.name}: {a.get(f.name)} ≠ {b.get(f.name)}" for f in FACTS if f.identity and a.get(f.name) != b.get(f.name)
    )
