"""Which machine this is, without naming it: hashed identities, hypervisor and container."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from pathlib import Path

from ..events import Scalar
from ..outcomes import Missing

ROOT = Path("/")

_VENDORS = {
    "qemu": "QEMU", "kvm": "KVM", "vmware": "VMware", "virtualbox": "VirtualBox", "innotek": "VirtualBox",
    "xen": "Xen", "microsoft corporation": "Hyper-V", "amazon ec2": "Amazon EC2", "google": "Google Compute Engine",
    "firecracker": "Firecracker", "parallels": "Parallels", "bochs": "Bochs", "bhyve": "bhyve",
}  # fmt: skip


def read_text(path: Path) -> str | None:
    """The stripped text of a small kernel or configuration file, or ``None`` where it cannot be read or is empty."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None


def distribution(root: Path = ROOT) -> str:
    """The distribution's own name, or the kernel's name where it tells none."""
    for line in (read_text(root / "etc/os-release") or "").splitlines():
        key, _, value = line.partition("=")
        if key == "PRETTY_NAME":
            return value.strip("\"'")
    return platform.system()


HARDWARE = (
    "arch",
    "cpu_model",
    "cpu_revision",
    "cpu_features",
    "cores_logical",
    "cores_physical",
    "memory_bytes",
    "hypervisor",
    "gpu_name",
    "gpu_driver",
)
"""Facts that make a host; an image's machine id does not, for every copy of the image has it."""

_ROUNDED_BYTES = 1 << 29
"""Kernels reserve a little more or less memory at each start."""


def hardware_id(found: Mapping[str, Scalar | Missing]) -> str | Missing:
    """16 hex digits of a hash of the hardware, from facts as ``environment.facts`` gathers them.

    Two machines of one kind share it; their boot ids tell them apart.
    """
    if found.get("cpu_model") is None or isinstance(found["cpu_model"], Missing):
        return Missing.NOT_REPORTED
    known = {name: None if isinstance(value := found.get(name), Missing) else value for name in HARDWARE}
    memory = known["memory_bytes"]
    if isinstance(memory, int):
        known["memory_bytes"] = round(memory / _ROUNDED_BYTES) * _ROUNDED_BYTES
    return _hashed("hardware", json.dumps(known, sort_keys=True))


def boot(root: Path = ROOT) -> dict[str, Scalar | Missing]:
    """``boot_id`` as 16 hex digits of a salted hash: stable until the machine restarts, and not reversible."""
    return {"boot_id": _hashed("boot", read_text(root / "proc/sys/kernel/random/boot_id"))}


def _hashed(salt: str, text: str | None) -> str | Missing:
    if text is None:
        return Missing.NOT_REPORTED
    return hashlib.sha256(f"bindery {salt} {text}".encode()).hexdigest()[:16]


def virtualisation(root: Path = ROOT) -> dict[str, Scalar | Missing]:
    """``hypervisor``, ``container`` and ``clock_source``, read from kernel files only."""
    source = read_text(root / "sys/devices/system/clocksource/clocksource0/current_clocksource")
    return {
        "hypervisor": _hypervisor(root, source),
        "container": _container(root),
        "clock_source": source or Missing.NOT_REPORTED,
    }


def _hypervisor(root: Path, clock_source: str | None) -> str | Missing:
    told = read_text(root / "sys/hypervisor/type") or ""
    dmi = [read_text(root / f"sys/class/dmi/id/{name}") or "" for name in ("sys_vendor", "product_name", "bios_vendor")]
    text = " ".join([told, *dmi]).lower()
    for mark, name in _VENDORS.items():
        if mark in text:
            return name
    cpuinfo = read_text(root / "proc/cpuinfo")
    if cpuinfo is None:
        return Missing.NOT_REPORTED
    if " hypervisor" not in cpuinfo:
        return "none" if "flags" in cpuinfo else Missing.NOT_REPORTED
    return "KVM" if clock_source == "kvm-clock" else "present, vendor not told"


def _container(root: Path) -> str | Missing:
    if (root / ".dockerenv").exists():
        return "docker"
    if (root / "run/.containerenv").exists():
        return "podman"
    told = read_text(root / "run/systemd/container")
    if told:
        return told
    control_group = read_text(root / "proc/1/cgroup")
    if control_group is None:
        return Missing.NOT_REPORTED
    for name in ("docker", "kubepods", "lxc", "containerd"):
        if name in control_group:
            return name
    return "none"
