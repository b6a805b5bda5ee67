"""A server that misbehaves on purpose: each script is a coroutine that owns one accepted connection."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from harness.client.exchange import Exchange, Target
from harness.client.receiver import LIMITS, Limits, Receiver
from harness.outcomes import Code, failed

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def http_chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def sse(record: object, end: bytes = b"\n") -> bytes:
    return b"data: " + json.dumps(record, ensure_ascii=False).encode() + end + end


def token(content: str, total: int) -> dict[str, object]:
    """A llama.cpp chunk as the engine writes it."""
    return {"index": 0, "content": content, "tokens": [7], "stop": False, "tokens_predicted": total}


def terminal(total: int, **timings: object) -> dict[str, object]:
    """llama.cpp's terminal record; ``timings`` replace or add counters."""
    said: dict[str, object] = {"cache_n": 0, "prompt_n": 8, "prompt_ms": 4.0, "predicted_n": total, "predicted_ms": 9.5}
    return {
        "content": "",
        "tokens": [],
        "stop": True,
        "stop_type": "limit",
        "tokens_predicted": total,
        "generation_settings": {"temperature": 0.800000011920929, "seed": 1, "n_predict": total, "ignore_eos": True},
        "timings": said | timings,
    }


def llama_body(words: Iterable[str] = (" one", " two", " three")) -> bytes:
    """The body of a whole, healthy stream."""
    listed = list(words)
    chunks = [sse(token(word, i + 1)) for i, word in enumerate(listed)]
    return b"".join([*chunks, sse(terminal(len(listed)))])


def response(body: bytes) -> bytes:
    """A chunked response that carries ``body`` event by event."""
    events = [event + b"\n\n" for event in body.split(b"\n\n") if event]
    return HEAD + b"".join(http_chunk(event) for event in events) + b"0\r\n\r\n"


def replay(segments: Iterable[bytes], limits: Limits = LIMITS) -> Exchange:
    """What the receive path makes of these TCP segments, after which the server closes."""
    receiver = Receiver(lambda: None, limits)
    for segment in segments:
        if receiver.outcome is None:
            receiver.data_received(segment)
    receiver.connection_lost(None)
    return as_exchange(receiver)


def as_exchange(receiver: Receiver) -> Exchange:
    return Exchange(
        planned_ns=0,
        end_ns=receiver.end_ns,
        outcome=receiver.outcome or failed(Code.CLOSED_EARLY),
        connect_ns=0,
        sent_ns=0,
        first_byte_ns=receiver.first_byte_ns,
        status=receiver.status,
        stamps=receiver.stamps,
        chunks=receiver.chunks,
    )


def split(data: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """``data`` cut at these offsets."""
    start = 0
    for cut in sorted(set(cuts)):
        if start < cut < len(data):
            yield data[start:cut]
            start = cut
    yield data[start:]


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, Mapping[str, str], bytes]:
    """Method and target, headers and body of one request."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return first.encode(), headers, await reader.readexactly(int(headers.get("content-length", "0")))


def sends(*pieces: bytes | float) -> Script:
    """Answers with these bytes; a number is a pause in seconds; then closes."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        for piece in pieces:
            if isinstance(piece, bytes):
                writer.write(piece)
                await writer.drain()
            else:
                await asyncio.sleep(piece)

    return script


class _Connection(asyncio.StreamReaderProtocol):
    """A connection that stands in ``open_`` from its first moment until its socket is closed."""

    def __init__(
        self,
        handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
        open_: set[asyncio.BaseTransport],
    ) -> None:
        super().__init__(asyncio.StreamReader(), handle)
        self._open, self._own = open_, asyncio.BaseTransport()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._own = transport
        self._open.add(transport)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._open.discard(self._own)


ACCEPTED_IN = 5
"""Turns of the loop from accepting a connection to its protocol, and some to spare: one that was just accepted when
its server closes is lost by asyncio (of Python 3.11), and its socket stays open."""
GRACE_S = 1.0
"""For what was written to be read."""


@asynccontextmanager
async def serving(
    script: Script, port: int = 0, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Target]:
    """Runs ``script`` for each connection on this port of this host, or on a free one; leaves no socket open."""
    tasks: set[asyncio.Task[None]] = set()
    open_: set[asyncio.BaseTransport] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            if not stopping:
                raise
        finally:
            tasks.discard(task)
            writer.close()

    stopping = False
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(handle, open_), host, port, ssl=tls)
    host, port = server.sockets[0].getsockname()[:2]
    try:
        yield Target(host, port, "/completion")
    finally:
        stopping = True
        await _closed(server, tasks, open_)


async def _closed(
    server: asyncio.Server, tasks: Collection[asyncio.Task[None]], open_: Collection[asyncio.BaseTransport]
) -> None:
    """Stops listening, then ends every task and every connection."""
    loop = asyncio.get_running_loop()
    for listener in server.sockets:
        loop.remove_reader(listener.fileno())
    for _ in range(ACCEPTED_IN):
        await asyncio.sleep(0)
    server.close()
    for task in list(tasks):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    give_up = loop.time() + GRACE_S
    while open_:
        if loop.time() > give_up:
            for transport in list(open_):
                assert isinstance(transport, asyncio.WriteTransport)
                transport.abort()
        await asyncio.sleep(0.001)


@contextmanager
def served(script: Script, port: int = 0) -> Iterator[str]:
    """The base URL of a server in a thread of its own."""
    ready, stop = threading.Event(), asyncio.Event()
    found: list[Any] = []

    async def main() -> None:
        async with serving(script, port) as target:
            found.extend((asyncio.get_running_loop(), target.port))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(60)
    loop, at = found
    try:
        yield f"http://127.0.0.1:{at}/v1"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
