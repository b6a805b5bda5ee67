"""One measured HTTP exchange, the same for every engine and for calibration.

    exchange(target, body, deadlines, planned_ns, limits) -> Exchange

opens a fresh connection, sends one POST at the planned instant and collects the stamped response. It never
raises for anything that the server does; ``Exchange.outcome`` says how it ended. Every time is absolute
``time.monotonic_ns()``. ``decode.py`` turns an ``Exchange`` into tokens.

The connection is made before the planned start (up to ``CONNECT_LEAD_NS`` ahead of it), and its cost is
recorded. With ``planned_ns=0`` the planned start is the moment when the connection is ready.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic_ns
from urllib.parse import urlsplit

from ..outcomes import Code, Outcome, failed
from ..protocols import Deadlines
from .planned_start import until
from .receiver import LIMITS, Limits, Receiver
from .scheduler_slice import be_a_client
from .tls import tls_context

CONNECT_LEAD_NS = 200_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where to POST: ``host`` is an address (a name would add its look-up to the connect cost)."""

    host: str
    port: int
    path: str
    host_header: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    tls: bool = False

    def message(self, body: bytes) -> bytes:
        """The whole request: identity coding, JSON, and a connection that closes after the response."""
        lines = [
            f"POST {self.path} HTTP/1.1",
            f"Host: {self.host_header or f'{self.host}:{self.port}'}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Accept-Encoding: identity",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass(frozen=True, slots=True)
class Exchange:
    """A stamped response. ``stamps[i]`` is when body bytes ``chunks[i]`` arrived (before any decoding).

    ``planned_ns``, ``sent_ns``, ``first_byte_ns`` (of the response, its head included) and ``end_ns`` are
    absolute; ``connect_ns`` is the duration of connecting. ``outcome`` is the transport's: a stream may still
    lack its terminal record. ``content_type``, ``retry_after`` and ``location`` are headers of the response.
    """

    planned_ns: int
    end_ns: int
    outcome: Outcome
    connect_ns: int | None = None
    sent_ns: int | None = None
    first_byte_ns: int | None = None
    status: int | None = None
    stamps: list[int] | tuple[int, ...] = ()
    chunks: list[bytes] | tuple[bytes, ...] = ()
    content_type: str = ""
    retry_after: str = ""
    location: str = ""


async def exchange(
    target: Target,
    body: bytes,
    deadlines: Deadlines | None = None,
    planned_ns: int = 0,
    limits: Limits = LIMITS,
) -> Exchange:
    """Sends ``body`` to ``target`` at ``planned_ns`` (0: once connected) and collects the response."""
    deadlines = deadlines or Deadlines()
    message = target.message(body)
    be_a_client()
    await until(planned_ns - CONNECT_LEAD_NS)
    asked = monotonic_ns()
    done = asyncio.Event()
    receiver = Receiver(done.set, limits)
    try:
        transport = await _connect(target, receiver, deadlines.connect_s)
    except TimeoutError:
        refused = failed(Code.CONNECT_TIMEOUT, f"no connection within {deadlines.connect_s:g} s")
        return Exchange(planned_ns or asked, monotonic_ns(), refused)
    except OSError as error:
        return Exchange(planned_ns or asked, monotonic_ns(), failed(Code.CONNECT_REFUSED, str(error)))
    connect_ns = monotonic_ns() - asked
    try:
        await until(planned_ns)
        sent = monotonic_ns()
        transport.write(message)
        await _collect(receiver, done, deadlines, sent)
    finally:
        transport.abort()
    return Exchange(
        planned_ns=planned_ns or sent,
        end_ns=receiver.end_ns,
        outcome=receiver.outcome or failed(Code.CLOSED_EARLY),
        connect_ns=connect_ns,
        sent_ns=sent,
        first_byte_ns=receiver.first_byte_ns,
        status=receiver.status,
        stamps=receiver.stamps,
        chunks=receiver.chunks,
        content_type=receiver.header("content-type"),
        retry_after=receiver.header("retry-after"),
        location=receiver.header("location"),
    )


async def _connect(target: Target, receiver: Receiver, limit_s: float) -> asyncio.Transport:
    context = tls_context() if target.tls else None
    name = (urlsplit(f"//{target.host_header}").hostname or target.host) if target.tls else None
    async with asyncio.timeout(limit_s):
        transport, _ = await asyncio.get_running_loop().create_connection(
            lambda: receiver, target.host, target.port, ssl=context, server_hostname=name
        )
    return transport


_LATE = {
    Code.TOTAL_TIMEOUT: "not finished within",
    Code.GAP_TIMEOUT: "nothing more within",
    Code.FIRST_BYTE_TIMEOUT: "no content within",
}


async def _collect(receiver: Receiver, done: asyncio.Event, deadlines: Deadlines, sent: int) -> None:
    """Waits for the end of the response or its next deadline; costs a timer per gap that is allowed, none per chunk."""
    while not done.is_set():
        due, code, allowed = _next_deadline(receiver, deadlines, sent)
        wait = due - monotonic_ns()
        if wait <= 0:
            receiver.fail(code, f"{_LATE[code]} {allowed:g} s")
        else:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(wait / 1e9, deadlines.gap_s)):
                    await done.wait()


def _next_deadline(receiver: Receiver, deadlines: Deadlines, sent: int) -> tuple[int, Code, float]:
    """When the exchange must fail, as what, and the seconds that were allowed."""
    total = (sent + int(deadlines.total_s * 1e9), Code.TOTAL_TIMEOUT, deadlines.total_s)
    if receiver.stamps:
        gap = (receiver.stamps[-1] + int(deadlines.gap_s * 1e9), Code.GAP_TIMEOUT, deadlines.gap_s)
    else:
        gap = (sent + int(deadlines.first_byte_s * 1e9), Code.FIRST_BYTE_TIMEOUT, deadlines.first_byte_s)
    return min(gap, total)
