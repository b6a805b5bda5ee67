"""Three clients that read the same streams: ours, plain httpx, and a bare socket loop as the floor.

``python -m tests.benchmarks.streaming_clients NAME`` reads a job as JSON from stdin and prints, per stream,
``[planned_ns, [arrival_ns, ...]]``. Every client connects and sends by the same plan, after one request that warms it
up (a client imports and compiles on its first one).
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import select
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic_ns

SPIN_NS = 2_000_000
"""How long before a send the bare client stops sleeping: ``epoll`` counts whole milliseconds."""

WARM_UP = "/completion?id=warm-up&tokens=4"
Seen = tuple[int, list[int]]


@dataclass(frozen=True)
class Job:
    """``paths[k]`` is asked for at ``start_ns + k * stagger_ns`` after ``lead_ns`` of preparation."""

    host: str
    port: int
    paths: list[str]
    stagger_ns: int
    processors: list[int]
    lead_ns: int = 400_000_000


async def ours(job: Job) -> list[Seen]:
    """``harness.backends``: stamps first, everything else after the stream."""
    from harness.backends.llama_cpp_wire import DIALECT
    from harness.client.decode import decode
    from harness.client.exchange import Target, exchange

    async def one(path: str, planned: int) -> Seen:
        answer = await exchange(Target(job.host, job.port, path), b"{}", planned_ns=planned)
        return planned, (await decode(answer, DIALECT)).arrivals_ns

    await one(WARM_UP, 0)
    return await _together(job, one)


async def httpx_lines(job: Job) -> list[Seen]:
    """What most harnesses do: ``aiter_lines``, ``json.loads``, then look at the clock."""
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, timeout=120, trust_env=False) as client:

        async def one(path: str, planned: int) -> Seen:
            await asyncio.sleep(max(0, planned - monotonic_ns()) / 1e9)
            stamps = []
            async with client.stream("POST", f"http://{job.host}:{job.port}{path}", content=b"{}") as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: ") and json.loads(line[6:]).get("content"):
                        stamps.append(monotonic_ns())  # noqa: PERF401 one stamp per line as it comes
            return planned, stamps

        await one(WARM_UP, 0)
        return await _together(job, one)


async def _together(job: Job, one: Callable[[str, int], Awaitable[Seen]]) -> list[Seen]:
    start = monotonic_ns() + job.lead_ns
    return await asyncio.gather(*(one(path, start + k * job.stagger_ns) for k, path in enumerate(job.paths)))


def sockets(job: Job) -> list[Seen]:
    """No HTTP, no event loop: connected sockets, ``epoll`` and a clock; one stamp per piece of one record."""
    peers = [socket.create_connection((job.host, job.port)) for _ in job.paths]
    poll, index = select.epoll(), {peer.fileno(): k for k, peer in enumerate(peers)}
    for peer in peers:
        peer.settimeout(0)
        poll.register(peer, select.EPOLLIN)
    start = monotonic_ns() + job.lead_ns
    planned = [start + k * job.stagger_ns for k in range(len(peers))]
    stamps: list[list[int]] = [[] for _ in peers]
    unsent, open_ = 0, len(peers)
    while open_:
        while unsent < len(peers) and planned[unsent] <= monotonic_ns():
            request = f"POST {job.paths[unsent]} HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            peers[unsent].send(request.encode())
            unsent += 1
        wait = max(0, planned[unsent] - monotonic_ns() - SPIN_NS) / 1e9 if unsent < len(peers) else -1
        for fd, _ in poll.poll(wait):
            data = peers[index[fd]].recv(65536)
            now = monotonic_ns()
            stamps[index[fd]] += [now] * data.count(b'"content":" tok"')
            if not data:
                poll.unregister(fd)
                open_ -= 1
    return list(zip(planned, stamps, strict=True))


def main() -> None:
    """Runs the client named on the command line."""
    name = sys.argv[1]
    job = Job(**json.load(sys.stdin))
    os.sched_setaffinity(0, job.processors)
    gc.collect()
    gc.freeze()
    cpu = time.process_time()
    if name == "sockets":
        seen = sockets(job)
    elif name == "httpx":
        seen = asyncio.run(httpx_lines(job))
    else:
        from harness.client.event_loop import new_event_loop

        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            seen = runner.run(ours(job))
    json.dump({"seen": seen, "cpu_s": time.process_time() - cpu}, sys.stdout)


if __name__ == "__main__":
    main()
