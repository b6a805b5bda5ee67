"""Drivers: they turn planned calls into requests and never into numbers.

Both return the requests in order of their index. A closed loop plans a request for the moment at which the one before
it on its stream has ended, so a slow engine lowers the load. An open loop plans by its schedule, so a slow engine
builds a queue, and latencies from the planned start contain the wait (no coordinated omission).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from time import monotonic_ns

from ..events import Request
from ..outcomes import RETRY_AFTER_S, Code
from ..protocols import Call

Ask = Callable[[Call], Awaitable[Request]]

LEAD_NS = 300_000_000
"""How long before its planned start a request is handed to the backend, which may connect ahead."""


async def closed_loop(
    ask: Ask, streams: Sequence[Sequence[Call]], stagger_ns: int = 0, begins_ns: Sequence[int] | None = None
) -> list[Request]:
    """Runs each stream's calls one after another, all streams at once.

    A single stream begins at once. Of several, stream *k* begins ``k * stagger_ns`` after the first, so that streams
    of one pace do not answer in one burst. ``begins_ns`` (absolute) says otherwise for each.
    """
    start = monotonic_ns() + LEAD_NS
    begins = begins_ns or [start + k * stagger_ns if len(streams) > 1 else 0 for k in range(len(streams))]
    asked = (_one_by_one(ask, calls, begin) for calls, begin in zip(streams, begins, strict=True))
    return _in_order([request for requests in await asyncio.gather(*asked) for request in requests])


async def _one_by_one(ask: Ask, calls: Sequence[Call], start_ns: int) -> list[Request]:
    requests: list[Request] = []
    planned_ns = start_ns
    for call in calls:
        requests.append(await ask(replace(call, planned_ns=planned_ns)))
        planned_ns = _after_wait(requests[-1])
    return requests


def _after_wait(request: Request) -> int:
    """When the next request of a stream is planned: at once (0), or after the wait that a refusal asked for.

    The wait is between requests, so that it is in no latency; the refusal itself says how long it was.
    """
    wait = request.effective.get(RETRY_AFTER_S)
    refused = request.outcome.code is Code.HTTP_STATUS and isinstance(wait, int | float)
    return monotonic_ns() + int(float(wait or 0) * 1e9) if refused and wait else 0


async def open_loop(
    ask: Ask, calls: Sequence[Call], offsets_ns: Sequence[int], max_in_flight: int | None = None
) -> list[Request]:
    """Sends call *k* at ``offsets_ns[k]`` after the start, however many are still unanswered.

    ``max_in_flight`` bounds the client's connections: beyond it a request waits here, and its latency, which counts
    from the planned start, contains the wait (``sent_ns`` shows it separately).
    """
    if len(calls) != len(offsets_ns):
        raise ValueError(f"{len(calls)} calls, but {len(offsets_ns)} planned starts")
    start = monotonic_ns() + LEAD_NS
    gate: AbstractAsyncContextManager[object] = asyncio.Semaphore(max_in_flight) if max_in_flight else nullcontext()
    answered: list[Request] = []
    async with asyncio.TaskGroup() as group:
        for call, offset in zip(calls, offsets_ns, strict=True):
            planned = start + offset
            await asyncio.sleep(max(0, planned - LEAD_NS - monotonic_ns()) / 1e9)
            group.create_task(_gated(ask, replace(call, planned_ns=planned), gate, answered))
    return _in_order(answered)


async def _gated(ask: Ask, call: Call, gate: AbstractAsyncContextManager[object], answered: list[Request]) -> None:
    """Only the answer is kept: a finished task weighs more than its request."""
    async with gate:
        answered.append(await ask(call))


def _in_order(requests: list[Request]) -> list[Request]:
    return sorted(requests, key=lambda request: request.index)
