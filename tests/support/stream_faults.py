"""What servers do wrong on the wire, the outcome that each fault has, and after how many seconds at least."""

from __future__ import annotations

from harness.outcomes import Code
from harness.protocols import Deadlines
from tests.support.stream_server import HEAD, http_chunk, llama_body, response, sse, terminal, token

SOON = Deadlines(connect_s=20, first_byte_s=0.9, gap_s=0.9, total_s=2.5)
PATIENT = Deadlines(connect_s=20, first_byte_s=60, gap_s=60, total_s=120)
WHOLE = response(llama_body())

FAULTS: list[tuple[tuple[bytes | float, ...], Code, float]] = [
    ((5.0,), Code.FIRST_BYTE_TIMEOUT, 0.9),
    ((HEAD, 5.0), Code.FIRST_BYTE_TIMEOUT, 0.9),
    ((WHOLE[:-200], 5.0), Code.GAP_TIMEOUT, 0.9),
    ((HEAD, *(piece for i in range(60) for piece in (http_chunk(b": ping\n\n"), 0.05))), Code.TOTAL_TIMEOUT, 2.5),
    ((), Code.CLOSED_EARLY, 0.0),
    ((WHOLE[:40],), Code.CLOSED_EARLY, 0.0),
    ((WHOLE[:-200],), Code.CLOSED_EARLY, 0.0),
    ((response(llama_body().rpartition(b"data:")[0]),), Code.CLOSED_EARLY, 0.0),
    ((response(sse(token("a", 1)) + sse({"error": {"message": "oom"}})),), Code.ERROR_IN_STREAM, 0.0),
    ((response(sse(token("a", 1)) + b"data: {oops}\n\n"),), Code.BAD_FRAME, 0.0),
    ((response(b'data: {"content":"a","content":"b"}\n\n'),), Code.BAD_FRAME, 0.0),
    ((response(b'data: {"content":"\xff"}\n\n'),), Code.BAD_ENCODING, 0.0),
    ((response(sse(token("a", 1)) + sse(terminal(1, predicted_ms=float("nan")))),), Code.BAD_COUNTER, 0.0),
    ((response(sse(token("a", 1)) + sse(terminal(1, predicted_n=-1))),), Code.BAD_COUNTER, 0.0),
    ((HEAD + http_chunk(b"data: " + b"x" * 10_000_000),), Code.LINE_TOO_LONG, 0.0),
    ((response(b"data: " + b"x" * 10_000_000 + b"\n\n"),), Code.LINE_TOO_LONG, 0.0),
    ((HEAD + http_chunk(b": x\n" * 4_500_000),), Code.BODY_TOO_LONG, 0.0),
    ((b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",), Code.REDIRECT, 0.0),
    ((b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno",), Code.HTTP_STATUS, 0.0),
    ((b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nno", 5.0), Code.HTTP_STATUS, 0.9),
    ((b"220 mail.example ESMTP\r\n",), Code.BAD_FRAME, 0.0),
]  # fmt: skip
"""Bytes that a server sends, with pauses in seconds, under deadlines of 0.9 s to and between bytes and 2.5 s in all."""


def deadlines_for(least_s: float) -> Deadlines:
    """Short ones for a fault that is noticed by them; others must not depend on how busy the machine is."""
    return SOON if least_s else PATIENT
