"""The receive path: bytes in, stamps out, nothing else.

A stamp is ``time.monotonic_ns()`` taken first thing when the event loop hands bytes over. The HTTP parser only
strips the framing of HTTP; records are framed and decoded after the stream (``decode.py``), so one
stream's decoding never delays another stream's stamp. Stamps and chunks are two flat lists of objects that the
garbage collector does not track.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic_ns

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from ..outcomes import OK, Code, Outcome, failed
from .shown_address import parts_shown

EXCERPT = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes that one response may have: head, body, a single line of the body, and a body without the stream that was
    asked for."""

    head: int = 64 * 1024
    body: int = 16 * 1024 * 1024
    refusal: int = 64 * 1024
    line: int = 1024 * 1024


LIMITS = Limits()


class Receiver(asyncio.Protocol):
    """Collects one HTTP response; ``finished`` is called once, when ``outcome`` is set.

    ``chunks[i]`` are body bytes without HTTP framing and ``stamps[i]`` is when they arrived. The body that is kept,
    and the outcome, are the same however the bytes were split into segments.
    """

    def __init__(self, finished: Callable[[], None], limits: Limits = LIMITS) -> None:
        self.stamps: list[int] = []
        self.chunks: list[bytes] = []
        self.first_byte_ns: int | None = None
        self.end_ns = 0
        self.status: int | None = None
        self.outcome: Outcome | None = None
        self._finished = finished
        self._limits = limits
        self._now = 0
        self._size = 0
        self._line = 0
        self._head = 0
        self._in_head = True
        self._headers: dict[str, str] = {}
        self._parser: HttpResponseParser | None = HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self._now = monotonic_ns()
        if self._in_head:
            self._receive_head(data)
        else:
            self._feed(data)

    def _receive_head(self, data: bytes) -> None:
        """Feeds up to the head's limit first, so that the limit falls on the same byte for every split."""
        if self.first_byte_ns is None:
            self.first_byte_ns = self._now
        room = self._limits.head - self._head
        self._head += len(data)
        self._feed(data[:room])
        if self._head >= self._limits.head and self._in_head:
            self.fail(Code.BAD_FRAME, f"the response head is longer than {self._limits.head} bytes")
        elif len(data) > room:
            self._feed(data[room:])

    def _feed(self, data: bytes) -> None:
        if self._parser is None:
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self.fail(Code.BAD_FRAME, f"not HTTP: {error}")

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = (value or b"").decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._parser is None:
            return
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            self._headers.clear()
            return
        self.status, self._in_head = status, False
        if 300 <= status < 400:
            self.fail(Code.REDIRECT, f"{status} to {parts_shown(self._headers.get('location', 'nowhere'))}")
            return
        coding = _codings(self._headers)
        if coding:
            self.fail(Code.BAD_ENCODING, f"asked for identity, the server sent {coding}")

    def on_body(self, body: bytes) -> None:
        if self.outcome is not None:
            return
        self.stamps.append(self._now)
        self._size += len(body)
        newline = max(body.rfind(b"\n"), body.rfind(b"\r"))
        self._line = self._line + len(body) if newline < 0 else len(body) - newline - 1
        most = self._limits.body if streams(self.status) else min(self._limits.body, self._limits.refusal)
        over = self._size - most
        if over > 0:
            self.chunks.append(body[:-over])
            self.fail(Code.BODY_TOO_LONG, f"more than {most} bytes")
            return
        self.chunks.append(body)
        if self._line > self._limits.line:
            self.fail(Code.LINE_TOO_LONG, f"a line of more than {self._limits.line} bytes")

    def on_message_complete(self) -> None:
        if not self._in_head:
            self._settle(OK, self._now)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ends_at_close():
            self._settle(OK, monotonic_ns())
        else:
            self.fail(Code.CLOSED_EARLY, str(exc) if exc else "the server closed the connection")

    def header(self, name: str) -> str:
        """A header of the response by its name in lower case; empty where there is none."""
        return self._headers.get(name, "")

    def _ends_at_close(self) -> bool:
        """Without a length or chunked coding, HTTP ends a body by closing the connection."""
        return not self._in_head and not self._headers.keys() & {"content-length", "transfer-encoding"}

    def fail(self, code: Code, detail: str) -> None:
        """Ends the response with this failure, unless it has already ended."""
        self._settle(failed(code, detail), monotonic_ns())

    def _settle(self, outcome: Outcome, now: int) -> None:
        if self.outcome is not None:
            return
        if self.status is not None and not streams(self.status) and outcome.code is not Code.REDIRECT:
            excerpt = b"".join(self.chunks)[:EXCERPT].decode("utf-8", "replace")
            outcome = failed(Code.HTTP_STATUS, f"{self.status}: {excerpt}".rstrip(": "))
        self.outcome, self.end_ns, self._parser = outcome, now, None
        self._finished()


def streams(status: int | None) -> bool:
    """Whether a status promises the stream that was asked for: any success with content does."""
    return status is not None and 200 <= status < 300 and status not in (204, 205)


def _codings(headers: dict[str, str]) -> str:
    """The codings of the body beyond identity and chunked, or nothing."""
    named = f"{headers.get('content-encoding', '')},{headers.get('transfer-encoding', '')}"
    kept = [coding.strip() for coding in named.split(",")]
    return ", ".join(coding for coding in kept if coding.lower() not in ("", "identity", "chunked"))
