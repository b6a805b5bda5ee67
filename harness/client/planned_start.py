"""Waiting for a planned start, which a loop's own timers miss by up to 1 ms, early or late."""

from __future__ import annotations

import asyncio
from time import monotonic_ns

SPIN_NS = 2_000_000
_close: list[int] = []
"""Planned starts of the next 2 ms that are being waited for."""


async def none_is_due(within_ns: int) -> None:
    """Returns when no planned start that is being waited for is nearer than ``within_ns``."""
    while True:
        if not _close or min(_close) - monotonic_ns() >= within_ns:
            return
        await asyncio.sleep(0)


async def until(at_ns: int) -> None:
    """Returns at ``at_ns`` (``time.monotonic_ns``), never before: sleeps, then yields through the last 2 ms."""
    early = at_ns - monotonic_ns() - SPIN_NS
    if early > 0:
        await asyncio.sleep(early / 1e9)
    _close.append(at_ns)
    try:
        while True:
            if monotonic_ns() >= at_ns:
                return
            await asyncio.sleep(0)
    finally:
        _close.remove(at_ns)
