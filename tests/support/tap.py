"""A tap on the wire: a plain relay in front of a server that notes when bytes pass, before it passes them on.

It sees the very streams that our client measures, so what a server or a busy machine does to them is in both. It shares
no code with our client: blocking sockets, threads and ``select``.
"""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic_ns
from typing import Any


@dataclass(frozen=True, slots=True)
class Passed:
    """One streamed answer: when the request came (absolute ns), and when each piece of content passed."""

    asked_ns: int
    pieces_ns: tuple[int, ...]

    @property
    def ttft_ms(self) -> float:
        return (self.pieces_ns[0] - self.asked_ns) / 1e6

    @property
    def tpot_ms(self) -> float:
        return (self.pieces_ns[-1] - self.pieces_ns[0]) / 1e6 / (len(self.pieces_ns) - 1)


class Tap:
    """``url`` leads through it; ``taken`` are the streams that passed since it was asked last, in order."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._passed: list[Passed] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}{path}"

    def taken(self) -> list[Passed]:
        passed, self._passed = self._passed, []
        return sorted(passed, key=lambda one: one.asked_ns)

    def accept(self) -> None:
        """Relays until the listener is closed."""
        with suppress(OSError):
            while True:
                threading.Thread(target=self._relay, args=(self._listener.accept()[0],), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _relay(self, client: socket.socket) -> None:
        asked: list[int] = []
        came: list[tuple[int, bytes]] = []
        with client, socket.create_connection(self._server) as server, suppress(ConnectionError):
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                ready, _, _ = select.select((client, server), (), ())
                now = monotonic_ns()
                if server in ready:
                    data = server.recv(65536)
                    came.append((now, data))
                    if not data:
                        break
                    client.sendall(data)
                elif data := client.recv(65536):
                    asked.append(now)
                    server.sendall(data)
                else:
                    break
            pieces = tuple(at for at, line in _lines(came) if _has_content(line))
            if len(pieces) > 1:
                self._passed.append(Passed(asked[0], pieces))


@contextmanager
def tapped(url: str) -> Iterator[Tap]:
    """A tap in front of the server at ``url``."""
    host, _, rest = url.removeprefix("http://").partition(":")
    port, _, path = rest.partition("/")
    tap = Tap(host, int(port), f"/{path}")
    thread = threading.Thread(target=tap.accept, daemon=True)
    thread.start()
    try:
        yield tap
    finally:
        tap.close()
        thread.join()


def _lines(came: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Each line with the time when its end came."""
    left = b""
    for at, data in came:
        *whole, left = (left + data).split(b"\n")
        yield from ((at, line) for line in whole)


def _has_content(line: bytes) -> bool:
    if not line.startswith(b"data: {"):
        return False
    record: dict[str, Any] = json.loads(line[6:])
    choice = (record.get("choices") or [{}])[0]
    return bool(choice.get("text") or (choice.get("delta") or {}).get("content"))
