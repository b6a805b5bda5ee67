"""Several client processes at the servers: each drives its share of the streams and stamps on the same clock.

``python -m harness.worker.client_processes`` hears its ``Share``, says that it is ``Ready``, hears when to ``Begin``
and says what it ``Saw``. The monotonic clock is the machine's, so times of different processes need no translation.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from time import monotonic_ns, process_time_ns
from typing import TypeVar

from ..backends import BACKENDS
from ..client.event_loop import new_event_loop, settle_memory
from ..design import Value
from ..design.load import ClosedLoop
from ..errors import ChildFailed
from ..events import Request
from ..outcomes import Code, failed
from ..probes.loop_lag import LoopLag
from ..processes.child import Child, python
from ..processes.parent import Parent
from ..processes.parent_death import die_with_parent
from ..protocols import Backend, Call, EngineFailed, Shareable
from ..protocols.run_spec import RunSpec
from ..workload.driver import drive_share
from ..workload.loops import LEAD_NS
from .servers import Server

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Share:
    """What one client process does: ``streams`` of a closed loop, at the servers that ``handles`` lead to by name."""

    spec: RunSpec
    load: ClosedLoop
    handles: dict[str, dict[str, Value]]
    streams: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """The process ``pid`` has imported what it needs."""

    pid: int


@dataclass(frozen=True, slots=True)
class Begin:
    """The first stream begins at ``at_ns`` (``time.monotonic_ns``)."""

    at_ns: int


@dataclass(frozen=True, slots=True)
class Saw:
    """Its requests (``planned_ns`` absolute), the processor time that it used, and how late its loop ran."""

    requests: tuple[Request, ...]
    cpu_ns: int
    lag_p99_ns: int | None


def main() -> None:
    """Entry point of a client process."""
    parent = Parent()
    share = parent.hear(Share)
    parent.say(Ready(os.getpid()))
    begin = parent.hear(Begin)
    die_with_parent()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        saw = runner.run(_serve(share, begin.at_ns))
    parent.say(saw)
    os._exit(0)


async def _serve(share: Share, start_ns: int) -> Saw:
    backends = {server.name: BACKENDS.load(server.backend)() for server in share.spec.settings.servers}
    for name, backend in backends.items():
        await _attach(backend, share.handles[name])
    found: list[Request] = []

    async def ask(call: Call) -> Request:
        found.append(replace(await backends[call.server].request(call), server=call.server))
        return found[-1]

    settle_memory()
    lag = LoopLag()
    lag.start()
    began = process_time_ns()
    await drive_share(share.spec, share.load, ask, share.streams, start_ns)
    spent = process_time_ns() - began
    p99 = lag.stop()["loop_lag_p99_ns"]
    return Saw(tuple(found), spent, int(p99) if p99 is not None else None)


async def _attach(backend: Backend, handle: dict[str, Value]) -> None:
    if not isinstance(backend, Shareable):
        raise TypeError(f"{type(backend).__name__} cannot be shared")
    await backend.attach(handle)


async def drive_clients(spec: RunSpec, load: ClosedLoop, servers: Mapping[str, Server]) -> list[Saw]:
    """Has client processes ask all requests of the run. Raises ``EngineFailed`` where they cannot."""
    handles = {name: server.handle() for name, server in servers.items()}
    shares = [tuple(range(load.streams))[first :: load.clients] for first in range(load.clients)]
    command = python("harness.worker.client_processes")
    with ExitStack() as stack:
        children = [stack.enter_context(Child("a client process", command)) for _ in shares]
        for child, streams in zip(children, shares, strict=True):
            child.send(Share(spec, load, handles, streams))
        try:
            await _from_each(children, Ready)
            begin = Begin(monotonic_ns() + LEAD_NS)
            for child in children:
                child.send(begin)
            return await _from_each(children, Saw)
        except ChildFailed as error:
            raise EngineFailed(failed(Code.WORKER_CRASHED, str(error))) from None


async def _from_each(children: Sequence[Child], kind: type[T]) -> list[T]:
    """The next message of each. Raises ``ChildFailed``; the others are ended then, and nobody reads from them any more.

    A thread that waits for a pipe which is closed under it may wait for ever.
    """
    waiting = [asyncio.create_task(asyncio.to_thread(child.expect, kind)) for child in children]
    try:
        return await asyncio.gather(*waiting)
    finally:
        if not all(task.done() for task in waiting):
            for child in children:
                child.kill()
            await asyncio.gather(*waiting, return_exceptions=True)


def merged(seen: list[Saw]) -> tuple[list[Request], dict[str, int | None]]:
    """All requests, and the facts of all clients: processor time together, loop lag of the latest."""
    lags = [saw.lag_p99_ns for saw in seen if saw.lag_p99_ns is not None]
    facts: dict[str, int | None] = {
        "client_processes": len(seen),
        "client_cpu_ns": sum(saw.cpu_ns for saw in seen),
        "loop_lag_p99_ns": max(lags, default=None),
    }
    return [request for saw in seen for request in saw.requests], facts


if __name__ == "__main__":
    main()
