"""One measured request: exchange, decode, and the ``Request`` that records it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..events import Request
from ..protocols import Call
from .decode import Decoded, Dialect, decode
from .exchange import Exchange, Target, exchange


async def measure(call: Call, target: Target, body: Mapping[str, object], dialect: Dialect) -> Request:
    """Sends ``body`` as ``call`` asks. Never raises for what the server does.

    ``planned_ns`` of the result is absolute (``time.monotonic_ns``): only the worker knows when its run began.
    """
    message = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    answer = await exchange(target, message, call.deadlines, call.planned_ns)
    return as_request(call, answer, await decode(answer, dialect))


def as_request(call: Call, answer: Exchange, decoded: Decoded) -> Request:
    """The record of a request, its times as offsets from the planned start."""
    planned = answer.planned_ns
    return Request(
        index=call.index,
        phase=call.phase,
        prompt_id=call.prompt_id,
        outcome=decoded.outcome,
        stream=call.stream,
        planned_ns=planned,
        connect_ns=answer.connect_ns,
        sent_ns=_since(planned, answer.sent_ns),
        first_byte_ns=_since(planned, answer.first_byte_ns),
        end_ns=_since(planned, decoded.end_ns or answer.end_ns),
        arrivals_ns=tuple(stamp - planned for stamp in decoded.arrivals_ns),
        tokens=tuple(decoded.tokens),
        counters=decoded.counters,
        effective=decoded.effective,
        finish_reason=decoded.finish_reason,
        text=decoded.text,
    )


def _since(planned: int, at: int | None) -> int | None:
    return None if at is None else at - planned
