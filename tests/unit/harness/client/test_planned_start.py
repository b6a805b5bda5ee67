"""A planned start is never early, whatever the loop's timers do."""

from __future__ import annotations

import asyncio
from time import monotonic_ns

import pytest
import uvloop

from harness.client.planned_start import until


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_it_is_never_before_its_time(loop: object) -> None:
    async def late_by() -> list[int]:
        found = []
        for wait_us in (0, 100, 900, 1_900, 2_400, 3_300, 5_700):
            at = monotonic_ns() + wait_us * 1_000
            await until(at)
            found.append(monotonic_ns() - at)
        return found

    with asyncio.Runner(loop_factory=loop) as runner:  # type: ignore[arg-type]
        assert min(runner.run(late_by())) >= 0


def test_a_start_in_the_past_is_at_once() -> None:
    asyncio.run(asyncio.wait_for(until(monotonic_ns() - 10**9), 60))
