"""Several client processes at one engine: each drives its share of the streams and stamps on the same clock.

``python -m harness.worker.client_processes`` reads a ``Share`` and writes what it ``Saw``, one JSON line each. The
monotonic clock is the machine's, so times of different processes need no translation.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from time import monotonic_ns, process_time_ns

from pydantic import TypeAdapter, ValidationError

from ..backends import BACKENDS
from ..client.event_loop import new_event_loop, settle_memory
from ..design import Value
from ..events import Request
from ..outcomes import Code, failed
from ..probes.loop_lag import LoopLag
from ..processes.parent_death import die_with_parent
from ..protocols import Backend, Call, EngineFailed, Shareable
from ..protocols.run_spec import RunSpec
from ..workload.driver import drive_share
from ..workload.loops import LEAD_NS

READY = b"ready\n"


@dataclass(frozen=True, slots=True)
class Share:
    """What one client process does: ``streams`` of the run at the engine that ``handle`` names."""

    spec: RunSpec
    handle: dict[str, Value]
    streams: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Saw:
    """Its requests (``planned_ns`` absolute), the processor time that it used, and how late its loop ran."""

    requests: tuple[Request, ...]
    cpu_ns: int
    lag_p99_ns: int | None


_SHARE: TypeAdapter[Share] = TypeAdapter(Share)
_SAW: TypeAdapter[Saw] = TypeAdapter(Saw)


def main() -> None:
    """Entry point of a client process: says that it is ready, waits for the start, and asks."""
    share = _SHARE.validate_json(sys.stdin.buffer.readline())
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    channel.write(READY)
    channel.flush()
    start_ns = int(sys.stdin.buffer.readline())
    die_with_parent()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        saw = runner.run(_serve(share, start_ns))
    channel.write(_SAW.dump_json(saw) + b"\n")
    channel.flush()
    os._exit(0)


async def _serve(share: Share, start_ns: int) -> Saw:
    backend = BACKENDS.load(share.spec.backend)()
    if not isinstance(backend, Shareable):
        raise TypeError(f"{share.spec.backend} cannot be shared")
    await backend.attach(share.handle)
    found: list[Request] = []

    async def ask(call: Call) -> Request:
        found.append(await backend.request(call))
        return found[-1]

    settle_memory()
    lag = LoopLag()
    lag.start()
    began = process_time_ns()
    await drive_share(share.spec, ask, share.streams, start_ns)
    spent = process_time_ns() - began
    p99 = lag.stop()["loop_lag_p99_ns"]
    return Saw(tuple(found), spent, int(p99) if p99 is not None else None)


async def drive_clients(spec: RunSpec, backend: Backend, count: int) -> list[Saw]:
    """Has ``count`` processes ask all requests of the run. Raises ``EngineFailed`` where they cannot."""
    if not isinstance(backend, Shareable):
        detail = f"{spec.backend} runs in this process, so several clients cannot share it; leave clients away"
        raise EngineFailed(failed(Code.SETTING_REJECTED, detail))
    streams = range(int(spec.settings.get("streams", 1)))
    handle = backend.handle()
    processes = [await _start(Share(spec, handle, tuple(streams[c::count]))) for c in range(count)]
    try:
        for process in processes:
            if await _line(process) != READY:
                raise EngineFailed(failed(Code.WORKER_CRASHED, "a client process did not start"))
        start = b"%d\n" % (monotonic_ns() + LEAD_NS)
        for process in processes:
            if process.stdin is not None:
                process.stdin.write(start)
        return [_saw(await _line(process)) for process in processes]
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _start(share: Share) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "harness.worker.client_processes")
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 30)
    if process.stdin is not None:
        process.stdin.write(_SHARE.dump_json(share) + b"\n")
    return process


async def _line(process: asyncio.subprocess.Process) -> bytes:
    return await process.stdout.readline() if process.stdout is not None else b""


def _saw(line: bytes) -> Saw:
    try:
        return _SAW.validate_json(line)
    except ValidationError:
        raise EngineFailed(failed(Code.WORKER_CRASHED, "a client process ended without a result")) from None


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
