"""A planned start is never early, whatever the loop's timers do."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from time import monotonic_ns
from typing import Any

import pytest
import uvloop

from harness.client import exchange as client
from harness.client.planned_start import none_is_due, until

LOOPS = (asyncio.new_event_loop, uvloop.new_event_loop)


@pytest.mark.parametrize("loop", LOOPS)
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


def test_what_can_wait_goes_after_a_near_start() -> None:
    at = 0

    async def after() -> int:
        nonlocal at
        at = monotonic_ns() + 1_900_000
        waiting = asyncio.create_task(until(at))
        await asyncio.sleep(0)
        await none_is_due(10**12)
        await waiting
        return monotonic_ns()

    assert asyncio.run(asyncio.wait_for(after(), 60)) >= at


def test_it_does_not_go_after_a_start_that_was_given_up() -> None:
    async def given_up() -> None:
        waiting = asyncio.create_task(until(monotonic_ns() + 1_900_000))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await none_is_due(10**12)

    asyncio.run(asyncio.wait_for(given_up(), 60))


@pytest.mark.parametrize("loop", LOOPS)
def test_a_request_leaves_when_it_is_stamped_not_at_the_end_of_the_loops_turn(
    loop: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds the loop for a second right after the start must not hold the request."""
    collect = client._collect
    arrived: list[int] = []

    async def held(*arguments: Any) -> None:
        time.sleep(1)  # noqa: ASYNC251 it holds the loop on purpose
        await collect(*arguments)

    monkeypatch.setattr(client, "_collect", held)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                arrived.append(monotonic_ns())
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with asyncio.Runner(loop_factory=loop) as runner:  # type: ignore[arg-type]
            sent = runner.run(client.exchange(client.Target("127.0.0.1", server.getsockname()[1], "/"), b"{}")).sent_ns
        thread.join(60)
    assert sent is not None
    assert arrived[0] - sent < 500_000_000
