"""Waiting for a planned start, which a loop's own timers miss by up to 1 ms, early or late."""

from __future__ import annotations

import asyncio
from time import monotonic_ns

SPIN_NS = 2_000_000


async def until(at_ns: int) -> None:
    """Returns at ``at_ns`` (``time.monotonic_ns``), never before: sleeps, then yields through the last 2 ms."""
    early = at_ns - monotonic_ns() - SPIN_NS
    if early > 0:
        await asyncio.sleep(early / 1e9)
    while True:
        if monotonic_ns() >= at_ns:
            return
        await asyncio.sleep(0)
