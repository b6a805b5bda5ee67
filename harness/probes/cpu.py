"""Processor and memory facts, from the kernel's own files."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

import psutil

from ..events import Scalar
from ..outcomes import Missing
from .host import ROOT, read_text

_POLICIES = {0: "normal", 1: "fifo", 2: "round robin", 3: "batch", 5: "idle", 6: "deadline"}
"""Linux's numbers of scheduling policies."""

_EXTENSION = re.compile(r"avx.*|amx.*|f16c|fma|asimd.*|sve.*|sme\d?|i8mm|bf16")


def facts(root: Path = ROOT) -> dict[str, Scalar | Missing]:
    """Model, features, core counts, quota, governor and memory."""
    info = _cpuinfo(root)
    logical = psutil.cpu_count() or Missing.NOT_REPORTED
    physical = psutil.cpu_count(logical=False)
    return {
        "cpu_model": info.get("model name") or platform.processor() or Missing.NOT_REPORTED,
        "cpu_revision": _revision(info),
        "cpu_features": _features(info),
        "cores_logical": logical,
        "cores_physical": physical or Missing.NOT_REPORTED,
        "cores_allowed": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical,
        "cpu_quota": _quota(root),
        "scheduling": _scheduling(),
        "governor": read_text(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") or Missing.NO_SENSOR,
        "memory_bytes": psutil.virtual_memory().total,
    }


def _cpuinfo(root: Path) -> dict[str, str]:
    """The first processor's block of ``/proc/cpuinfo``."""
    info: dict[str, str] = {}
    for line in (read_text(root / "proc/cpuinfo") or "").splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            break
        info[key.strip()] = value.strip()
    return info


def _revision(info: dict[str, str]) -> str | Missing:
    names = ("vendor_id", "cpu family", "model", "stepping", "microcode")
    known = [f"{name.removeprefix('cpu ')} {info[name]}" for name in names if name in info]
    return ", ".join(known) or Missing.NOT_REPORTED


def _features(info: dict[str, str]) -> str | Missing:
    flags = (info.get("flags") or info.get("Features") or "").split()
    if not flags:
        return Missing.NOT_REPORTED
    return " ".join(sorted(flag for flag in flags if _EXTENSION.fullmatch(flag)))


def _scheduling() -> str | Missing:
    if not hasattr(os, "sched_getscheduler"):
        return Missing.NOT_REPORTED
    policy = _POLICIES.get(os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK, "another policy")
    return f"{policy}, nice {os.getpriority(os.PRIO_PROCESS, 0)}"


def _quota(root: Path) -> float | Missing:
    """Processors granted by the control group; not applicable where it sets no limit."""
    text = read_text(root / "sys/fs/cgroup/cpu.max")
    if text is None:
        return Missing.NOT_REPORTED
    quota, _, period = text.partition(" ")
    if not (quota.isdecimal() and period.isdecimal() and int(period)):
        return Missing.NOT_APPLICABLE
    return int(quota) / int(period)
