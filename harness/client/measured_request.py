"""One measured request: exchange, decode, and the ``Request`` that records it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite, nan

from ..events import Request, Settings
from ..outcomes import FIRST_ANSWER_MS, OK, REASONING_TOKENS, RETRY_AFTER_S, Code, Outcome, degraded
from ..protocols import Call
from .decode import Decoded, Dialect, decode
from .exchange import Exchange, Target, exchange
from .token_counts import at_once

LONGEST_WAIT_S = 60.0
"""However long a server asks to wait."""


async def measure(call: Call, target: Target, body: Mapping[str, object], dialect: Dialect) -> Request:
    """Sends ``body`` as ``call`` asks. Never raises for what the server does.

    ``planned_ns`` of the result is absolute (``time.monotonic_ns``): only the worker knows when its run began.
    """
    message = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    answer = await exchange(target, message, call.deadlines, call.planned_ns)
    decoded = await decode(answer, dialect)
    request = as_request(call, answer, decoded)
    return replace(request, outcome=measured_outcome(decoded)) if dialect.remote else request


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
        effective={**decoded.effective, **_answer(planned, decoded), **_asked_to_wait(answer)},
        finish_reason=decoded.finish_reason,
        text=decoded.text,
    )


def measured_outcome(decoded: Decoded) -> Outcome:
    """The outcome, which a stream that something held back degrades: its times are not those of its tokens."""
    number = len(decoded.arrivals_ns)
    if decoded.outcome is not OK or not at_once(decoded.arrivals_ns, sum(decoded.tokens)):
        return decoded.outcome
    if number == 1:
        return degraded(Code.BUFFERED, f"all {sum(decoded.tokens)} tokens came in one chunk: it was not streamed")
    return degraded(Code.BUFFERED, f"all {number} chunks arrived at once: something on the way held them back")


def _answer(planned: int, decoded: Decoded) -> Settings:
    """When the answer began, of a stream that reasons first; null without an answer."""
    if not decoded.reasons:
        return {}
    at = decoded.answer_ns
    first_ms = None if at is None else (at - planned) / 1e6
    return {FIRST_ANSWER_MS: first_ms, REASONING_TOKENS: decoded.reasoning_tokens}


def _asked_to_wait(answer: Exchange) -> Settings:
    """Seconds that a server which refused asked to wait; it may name a date instead."""
    seconds = asked_to_wait_s(answer.retry_after)
    return {} if seconds is None else {RETRY_AFTER_S: min(seconds, LONGEST_WAIT_S)}


def asked_to_wait_s(retry_after: str) -> float | None:
    """Seconds, at least 0, that a header ``Retry-After`` asks for; ``None`` without one that can be read."""
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _until(retry_after)
    return max(seconds, 0.0) if isfinite(seconds) else None


def _until(date: str) -> float:
    """Seconds until an HTTP date; NaN for anything else."""
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return nan


def _since(planned: int, at: int | None) -> int | None:
    return None if at is None else at - planned
