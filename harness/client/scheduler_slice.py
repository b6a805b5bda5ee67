"""Asks the kernel to let this process run soon rather than long.

The client wakes for a few microseconds whenever bytes arrive. With a short time slice Linux (6.12 and newer) puts it
ahead of a process that computes, such as the engine, instead of letting it wait for the end of that one's slice. No
privilege is needed, its share of the processor stays the same, and children do not inherit it. Elsewhere nothing
changes.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from functools import cache

SLICE_NS = 100_000
_SYSTEM_CALLS = {"x86_64": (314, 315), "aarch64": (274, 275)}
_RESET_ON_FORK = 0x01


class _Attributes(ctypes.Structure):
    """The kernel's ``struct sched_attr``, first version."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("slice_ns", ctypes.c_uint64),
        ("deadline_ns", ctypes.c_uint64),
        ("period_ns", ctypes.c_uint64),
    )


@cache
def be_a_client() -> None:
    """``ask_for_short_slices`` once per process: what sends requests and stamps answers is a client."""
    ask_for_short_slices()


def ask_for_short_slices(slice_ns: int = SLICE_NS) -> None:
    """Asks for slices of ``slice_ns``; leaves a process under another policy than the normal one as it is."""
    calls = _calls()
    if calls is None or os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK != os.SCHED_OTHER:
        return
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    asked = _Attributes(ctypes.sizeof(_Attributes), flags=_RESET_ON_FORK, nice=nice, slice_ns=slice_ns)
    ctypes.CDLL(None).syscall(calls[0], 0, ctypes.byref(asked), 0)


def slice_ns() -> int | None:
    """This thread's slice in nanoseconds, or ``None`` where the kernel does not tell."""
    calls, found = _calls(), _Attributes()
    if calls is None or ctypes.CDLL(None).syscall(calls[1], 0, ctypes.byref(found), ctypes.sizeof(found), 0):
        return None
    return int(found.slice_ns) or None


def _calls() -> tuple[int, int] | None:
    """The numbers of the system calls that set and get a thread's scheduling attributes."""
    return _SYSTEM_CALLS.get(platform.machine()) if sys.platform == "linux" else None
