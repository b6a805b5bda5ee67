"""The ground truth: a server that writes tokens on an absolute schedule and logs when it really wrote them.

``python -m harness.calibration.pacer.pacer`` reads ``Listen`` as one line of JSON from stdin, prints where it
``Listens`` and serves until stdin closes. A streaming request goes to one of
``dialects.PATHS`` with the query ``id``, ``ttft_ms``, ``itl_ms`` and ``tokens``; its body is ignored. With ``report=1``
in the query the log comes back instead in a comment at the end of an SSE stream.
``GET /log`` returns, and forgets, ``{id: {"seen": ns, "due": ns, "writes": [ns, ...]}}`` of ended streams.

All times are ``time.monotonic_ns``, which on Linux is one clock for all processes. A write is stamped before the
system call that makes it, so an error measured against it contains the kernel's share. One thread, non-blocking
sockets, a heap of due times; it sleeps until shortly before the next one and spins through the rest. It never spins
for long: a process that burns its core is the one that the scheduler makes wait.
"""

from __future__ import annotations

import ctypes
import gc
import heapq
import os
import select
import socket
import sys
from dataclasses import dataclass
from time import monotonic_ns

from ...client.scheduler_slice import ask_for_short_slices
from ...processes.parent import Parent
from .dialects import PATHS, Dialect
from .paced import Stream, compact
from .requests import Received, take_request

_SPIN_NS = 30_000
_PR_SET_TIMERSLACK = 29
_RETRY_NS = 1_000_000
_ANSWER_S = 1.0
_LOOK_EVERY = 16
"""Overdue writes between two looks at the sockets, so that a busy schedule cannot starve new requests."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen, and the processor to stay on; port 0 takes a free one. The last three are the pace of a request
    whose query has none, such as one that a proxy makes."""

    host: str = "127.0.0.1"
    port: int = 0
    cpu: int | None = None
    ttft_ms: float = 0.0
    itl_ms: float = 0.0
    tokens: int = 1


@dataclass(frozen=True, slots=True)
class Listens:
    """Where it listens."""

    host: str
    port: int


class Pacer:
    """The server; ``serve`` returns when its control descriptor closes."""

    def __init__(self, listen: Listen) -> None:
        self._unasked = listen
        self._listener = socket.create_server((listen.host, listen.port), backlog=1024)
        self._listener.settimeout(0)
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._peers: dict[int, socket.socket] = {}
        self._received: dict[int, bytes] = {}
        self._schedule: list[tuple[int, int, Stream]] = []
        self._serial = 0
        self._ended: list[Stream] = []
        self._payloads: dict[tuple[str, int], list[bytes]] = {}

    @property
    def address(self) -> Listens:
        host, port = self._listener.getsockname()[:2]
        return Listens(str(host), int(port))

    def serve(self, control: int) -> None:
        """Serves until the descriptor ``control`` reaches its end."""
        self._poll.register(control, select.EPOLLIN)
        while True:
            self._write_due()
            self._wait()
            for fd, _ in self._poll.poll(0):
                if fd == control:
                    if not os.read(fd, 4096):
                        return
                elif fd == self._listener.fileno():
                    self._accept()
                else:
                    self._read(fd)

    def _wait(self) -> None:
        """Sleeps until a peer speaks or a write is nearly due; ``select`` counts microseconds, ``epoll`` does not."""
        if not self._schedule:
            select.select((self._poll,), (), ())
            return
        left = self._schedule[0][0] - monotonic_ns() - _SPIN_NS
        if left > 0:
            select.select((self._poll,), (), (), left / 1e9)

    def _write_due(self) -> None:
        schedule = self._schedule
        for _ in range(_LOOK_EVERY):
            if not schedule or schedule[0][0] > monotonic_ns():
                return
            _, serial, stream = schedule[0]
            due = self._write(stream)
            if due is None:
                heapq.heappop(schedule)
                self._end(stream)
            else:
                heapq.heapreplace(schedule, (due, serial, stream))

    def _end(self, stream: Stream) -> None:
        if not stream.report:
            self._ended.append(stream)

    def _write(self, stream: Stream) -> int | None:
        """Writes a token, stamped before the system call; when the next is due, or ``None`` after the last."""
        payload = stream.unsent or stream.payloads[len(stream.writes)]
        stamp = monotonic_ns()
        try:
            sent = stream.peer.send(payload)
        except BlockingIOError:
            return stamp + _RETRY_NS
        except OSError:
            self._drop(stream.peer)
            return None
        stream.unsent = payload[sent:]
        if stream.unsent:
            return stamp + _RETRY_NS
        stream.writes.append(stamp)
        if len(stream.writes) < len(stream.payloads):
            return stream.due_ns + len(stream.writes) * stream.itl_ns
        self._send_terminal(stream)
        return None

    def _send_terminal(self, stream: Stream) -> None:
        self._answer(stream.peer, stream.terminal())
        if stream.close:
            self._drop(stream.peer)

    def _answer(self, peer: socket.socket, payload: bytes) -> None:
        """A write that nobody measures, so it may take a moment."""
        try:
            peer.settimeout(_ANSWER_S)
            peer.sendall(payload)
            peer.settimeout(0)
        except OSError:
            self._drop(peer)

    def _accept(self) -> None:
        peer, _ = self._listener.accept()
        peer.settimeout(0)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._peers[peer.fileno()] = peer
        self._received[peer.fileno()] = b""
        self._poll.register(peer, select.EPOLLIN)

    def _drop(self, peer: socket.socket) -> None:
        """Forgets a peer; whatever is still scheduled for it ends at its next write, on a closed socket."""
        fd = peer.fileno()
        if self._peers.pop(fd, None) is not None:
            del self._received[fd]
            self._poll.unregister(fd)
            peer.close()

    def _read(self, fd: int) -> None:
        peer = self._peers.get(fd)
        if peer is None:
            return
        seen = monotonic_ns()
        try:
            data = peer.recv(65536)
            request, self._received[fd] = take_request(self._received[fd] + data)
        except (OSError, ValueError):
            data, request = b"", None
        if not data:
            self._drop(peer)
        elif request is not None:
            self._serve(peer, request, seen)

    def _serve(self, peer: socket.socket, request: Received, seen: int) -> None:
        dialect = PATHS.get(request.path)
        if dialect is not None:
            self._begin(peer, dialect, request, seen)
        elif request.path == "/log":
            ended, self._ended = self._ended, []
            self._answer(peer, _json(200, {stream.id: stream.log() for stream in ended}))
        else:
            self._answer(peer, _json(404, {"error": f"the pacer has no {request.path}"}))

    def _rendered(self, dialect: Dialect, tokens: int) -> list[bytes]:
        """What is written for each token; rendered once, since rendering takes longer than writing."""
        key = (dialect.name, tokens)
        if key not in self._payloads:
            self._payloads[key] = dialect.tokens(tokens)
        return self._payloads[key]

    def _begin(self, peer: socket.socket, dialect: Dialect, request: Received, seen: int) -> None:
        self._serial += 1
        query = request.query
        due = seen + int(float(query.get("ttft_ms", self._unasked.ttft_ms)) * 1e6)
        stream = Stream(
            id=query.get("id", str(self._serial)),
            peer=peer,
            dialect=dialect,
            itl_ns=int(float(query.get("itl_ms", self._unasked.itl_ms)) * 1e6),
            seen_ns=seen,
            due_ns=due,
            close=request.close,
            report="report" in query,
            payloads=self._rendered(dialect, max(1, int(query.get("tokens", self._unasked.tokens)))),
        )
        heapq.heappush(self._schedule, (due, self._serial, stream))


def _json(status: int, body: object) -> bytes:
    text = compact(body)
    head = f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Found'}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text


def _sharpen_timers() -> None:
    """Asks the kernel not to round this thread's wake-ups (by default it may by 50 µs)."""
    ctypes.CDLL(None).prctl(_PR_SET_TIMERSLACK, 1, 0, 0, 0)


def main() -> None:
    """Entry point of the process."""
    parent = Parent()
    listen = parent.hear(Listen)
    if listen.cpu is not None:
        os.sched_setaffinity(0, {listen.cpu})
    pacer = Pacer(listen)
    parent.say(pacer.address)
    _sharpen_timers()
    ask_for_short_slices()
    gc.disable()
    pacer.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
