"""What servers do wrong on the wire, the outcome that each fault has, and after how many seconds at least."""

from __future__ import annotations

from dataclasses import replace

from harness.outcomes import Code
from harness.protocols import Deadlines
from tests.support.stream_server import HEAD, http_chunk, llama_body, response, sse, terminal, token

PATIENT = Deadlines(connect_s=20, first_byte_s=60, gap_s=60, total_s=120)
FOREVER = 600.0
"""A pause in seconds that only the client's deadline ends."""
WHOLE = response(llama_body())

FAULTS: list[tuple[tuple[bytes | float, ...], Code, float]] = [
    ((FOREVER,), Code.FIRST_BYTE_TIMEOUT, 0.9),
    ((HEAD, FOREVER), Code.FIRST_BYTE_TIMEOUT, 0.9),
    ((WHOLE[:-200], FOREVER), Code.GAP_TIMEOUT, 0.9),
    ((HEAD, *(piece for i in range(9_000) for piece in (http_chunk(b": ping\n\n"), 0.05))), Code.TOTAL_TIMEOUT, 2.5),
    ((), Code.CLOSED_EARLY, 0.0),
    ((WHOLE[:40],), Code.CLOSED_EARLY, 0.0),
    ((WHOLE[:-200],), Code.CLOSED_EARLY, 0.0),
    ((response(llama_body().rpartition(b"data:")[0]),), Code.CLOSED_EARLY, 0.0),
    ((response(sse(token("a", 1)) + sse({"error": {"message": "oom"}})),), Code.ERROR_IN_STREAM, 0.0),
    ((response(sse(token("a", 1)) + b"data: {oops}\n\n"),), Code.BAD_FRAME, 0.0),
    ((response(b'data: {"content":"a","content":"b"}\n\n'),), Code.BAD_FRAME, 0.0),
    ((response(b'data: {"content":"\xff"}\n\n'),), Code.BAD_ENCODING, 0.0),
    ((response(b'data: {"content":"\\ud800"}\n\n'),), Code.BAD_ENCODING, 0.0),
    ((response(b'data: {"content":' + b"[" * 100_000 + b"\n\n"),), Code.BAD_FRAME, 0.0),
    ((response(sse(token("a", 1)) + sse(terminal(1, predicted_ms=float("nan")))),), Code.BAD_COUNTER, 0.0),
    ((response(sse(token("a", 1)) + sse(terminal(1, predicted_n=-1))),), Code.BAD_COUNTER, 0.0),
    ((HEAD + http_chunk(b"data: " + b"x" * 10_000_000),), Code.LINE_TOO_LONG, 0.0),
    ((response(b"data: " + b"x" * 10_000_000 + b"\n\n"),), Code.LINE_TOO_LONG, 0.0),
    ((HEAD + http_chunk(b": x\n" * 4_500_000),), Code.BODY_TOO_LONG, 0.0),
    ((b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",), Code.REDIRECT, 0.0),
    ((b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno",), Code.HTTP_STATUS, 0.0),
    ((b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nno", FOREVER), Code.HTTP_STATUS, 0.9),
    ((b"220 mail.example ESMTP\r\n",), Code.BAD_FRAME, 0.0),
]  # fmt: skip
"""Bytes that a server sends, with pauses in seconds, the outcome, and the seconds after which a deadline ends it."""


def deadlines_for(code: Code, limit_s: float) -> Deadlines:
    """The one that ends this fault is short; no other is reached, however busy the machine is.

    A server that says nothing of use all the time has to keep within a gap that ends before the total does.
    """
    if not limit_s:
        return PATIENT
    match code:
        case Code.FIRST_BYTE_TIMEOUT:
            return replace(PATIENT, first_byte_s=limit_s)
        case Code.TOTAL_TIMEOUT:
            return replace(PATIENT, gap_s=0.8 * limit_s, total_s=limit_s)
        case _:
            return replace(PATIENT, gap_s=limit_s)
