"""A hostile or broken server over a real socket: each fault has its outcome, and none outlives its deadline."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from harness.backends.llama_cpp_wire import DIALECT
from harness.client.event_loop import new_event_loop
from harness.client.exchange import Target, exchange
from harness.client.measured_request import measure
from harness.events import Phase, Request
from harness.outcomes import OK, Code, Status
from harness.protocols import Call, Deadlines
from tests.support.busy_machine import in_one_of
from tests.support.stream_faults import FAULTS, FOREVER, PATIENT, WHOLE, deadlines_for
from tests.support.stream_server import (
    HEAD,
    Script,
    http_chunk,
    llama_body,
    read_request,
    response,
    sends,
    serving,
    sse,
    terminal,
    token,
)

HANG_S = 60.0
SILENT = deadlines_for(Code.GAP_TIMEOUT, 0.9)


def call(deadlines: Deadlines = PATIENT, planned_ns: int = 0) -> Call:
    return Call(0, Phase.MEASURED, "p", "Hello", 3, seed=1, deadlines=deadlines, planned_ns=planned_ns)


def ask(script: Script, deadlines: Deadlines = PATIENT) -> tuple[Request, float]:
    """The request that this server answered, and how many seconds that took."""

    async def main() -> tuple[Request, float]:
        async with serving(script) as target:
            began = time.monotonic()
            return await measure(call(deadlines), target, {}, DIALECT), time.monotonic() - began

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main())


def test_a_healthy_stream_is_whole_and_its_times_are_in_order() -> None:
    request, _ = ask(sends(WHOLE))
    assert (request.outcome, request.text, request.tokens) == (OK, " one two three", (1, 1, 1))
    assert request.connect_ns is not None
    assert request.connect_ns > 0
    times = [0, request.sent_ns, request.first_byte_ns, *request.arrivals_ns, request.end_ns]
    assert times == sorted(t for t in times if t is not None)
    assert request.counters.predicted_n == 3


@pytest.mark.parametrize(
    ("pieces", "code", "limit_s"),
    FAULTS,
)
def test_each_fault_has_its_outcome_within_its_deadline(
    pieces: tuple[bytes | float, ...], code: Code, limit_s: float
) -> None:
    request, took = ask(sends(*pieces), deadlines_for(code, limit_s))
    assert request.outcome.code is code
    assert request.end_ns is not None
    assert limit_s <= took < limit_s + HANG_S


def test_compressed_content_is_refused_not_decoded() -> None:
    body = gzip.compress(llama_body())
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    request, _ = ask(sends(head + body))
    assert (request.outcome.code, request.text) == (Code.BAD_ENCODING, "")


def test_every_byte_in_its_own_segment() -> None:
    whole = response(llama_body([" é", "🙂"]))
    pieces = [piece for i in range(len(whole)) for piece in (whole[i : i + 1], 0.0)]
    request, _ = ask(sends(*pieces))
    assert (request.outcome, request.text) == (OK, " é🙂")


def test_line_ends_and_comments_may_be_mixed() -> None:
    events = [sse(token("a", 1), b"\r\n"), b": ping\r\n\r\n", b":\n", sse(token("b", 2)), sse(terminal(2), b"\r\n")]
    request, _ = ask(sends(HEAD + b"".join(map(http_chunk, events)) + b"0\r\n\r\n"))
    assert (request.outcome, request.text, request.tokens) == (OK, "ab", (1, 1))


def test_a_stall_after_the_terminal_record_costs_nothing_but_time() -> None:
    request, took = ask(sends(WHOLE[:-5], FOREVER), SILENT)
    assert (request.outcome, request.text) == (OK, " one two three")
    assert request.end_ns is not None
    assert request.end_ns < (took - 0.5) * 1e9


def test_what_arrived_before_a_failure_is_kept() -> None:
    request, _ = ask(sends(HEAD + http_chunk(sse(token("a", 1))), FOREVER), SILENT)
    assert (request.outcome.code, request.text, request.tokens) == (Code.GAP_TIMEOUT, "a", (1,))


def run(coroutine_of: object) -> object:
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(coroutine_of)  # type: ignore[arg-type]


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        target = Target(*free.getsockname(), "/completion")
        request = run(measure(call(), target, {}, DIALECT))
    assert isinstance(request, Request)
    assert request.outcome.code is Code.CONNECT_REFUSED
    assert (request.sent_ns, request.connect_ns, request.arrivals_ns) == (None, None, ())
    assert request.end_ns is not None


@asynccontextmanager
async def full_backlog() -> AsyncIterator[Target]:
    """A listener whose queue is full: the kernel answers no further connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for peer in waiting:
            peer.settimeout(0)
            peer.connect_ex(listener.getsockname())
        await asyncio.sleep(0.05)
        try:
            yield Target(*listener.getsockname(), "/completion")
        finally:
            for peer in waiting:
                peer.close()


def test_nobody_accepts() -> None:
    async def main() -> Request:
        async with full_backlog() as target:
            return await measure(call(Deadlines(connect_s=0.3)), target, {}, DIALECT)

    request = run(main())
    assert isinstance(request, Request)
    assert request.outcome.code is Code.CONNECT_TIMEOUT


def test_the_request_is_what_was_asked_on_a_fresh_connection_without_compression() -> None:
    seen: list[tuple[bytes, dict[str, str], bytes]] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, headers, body = await read_request(reader)
        seen.append((first, dict(headers), body))
        writer.write(WHOLE)

    async def main() -> None:
        async with serving(script) as target:
            named = Target(target.host, target.port, "/completion", "box:80", (("Authorization", "Bearer k"),))
            for _ in range(2):
                await measure(call(), named, {"prompt": "é"}, DIALECT)

    run(main())
    assert len(seen) == 2
    first, headers, body = seen[0]
    assert first == b"POST /completion HTTP/1.1"
    assert headers["host"] == "box:80"
    assert headers["accept-encoding"] == "identity"
    assert headers["connection"] == "close"
    assert headers["authorization"] == "Bearer k"
    assert json.loads(body) == {"prompt": "é"}


def test_a_planned_start_is_kept_and_the_connection_is_ready_before_it() -> None:
    async def main() -> list[Request]:
        async with serving(sends(WHOLE)) as target:
            planned = time.monotonic_ns() + 300_000_000
            calls = [call(planned_ns=planned + i * 1_000_000) for i in range(8)]
            return list(await asyncio.gather(*(measure(c, target, {}, DIALECT) for c in calls)))

    def punctual() -> None:
        requests = run(main())
        assert isinstance(requests, list)
        for request in requests:
            assert request.outcome is OK
            assert 0 <= request.sent_ns < 50_000_000

    in_one_of(10, punctual)


def test_a_planned_start_in_the_past_shows_the_wait() -> None:
    async def main() -> tuple[Request, int]:
        async with serving(sends(WHOLE)) as target:
            planned = time.monotonic_ns() - 100_000_000
            return await measure(call(planned_ns=planned), target, {}, DIALECT), planned

    result = run(main())
    assert isinstance(result, tuple)
    request, planned = result
    assert request.planned_ns == planned
    assert request.sent_ns >= 100_000_000
    assert request.arrivals_ns[0] >= request.sent_ns


def test_an_exchange_that_is_cancelled_closes_its_connection() -> None:
    closed = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(HEAD)
        assert await reader.read() == b""
        closed.set()

    async def main() -> None:
        async with serving(script) as target:
            task = asyncio.create_task(exchange(target, b"{}"))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(closed.wait(), HANG_S)

    run(main())


def test_64_streams_at_once_keep_their_bytes_apart() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, _, body = await read_request(reader)
        name = json.loads(body)["name"]
        writer.write(HEAD)
        for i in range(20):
            writer.write(http_chunk(sse(token(f"{name}.", i + 1))))
            await asyncio.sleep(0.001)
        writer.write(http_chunk(sse(terminal(20))) + b"0\r\n\r\n")

    async def main() -> list[Request]:
        async with serving(script) as target:
            ample = call(Deadlines())
            return list(await asyncio.gather(*(measure(ample, target, {"name": i}, DIALECT) for i in range(64))))

    requests = run(main())
    assert isinstance(requests, list)
    assert [r.text for r in requests] == [f"{i}." * 20 for i in range(64)]
    assert all(r.outcome.status is Status.OK and sum(r.tokens) == 20 for r in requests)
