"""The processors that this process may use."""

from __future__ import annotations

import os


def processors() -> tuple[int, ...]:
    """Their numbers, in order; those of all that there are where the system does not tell."""
    told = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    return tuple(sorted(told))
