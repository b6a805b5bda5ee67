"""OpenAI-compatible streams, ``/v1/completions`` and ``/v1/chat/completions``: what is sent, how it is read.

A chunk with content counts as one token unless it carries a running ``usage`` (asked of vLLM, which can merge tokens
into one chunk), which then counts. The last ``usage`` is the server's own count: where it disagrees by more than an
end-of-sequence token, the request is ``degraded(TOKEN_COUNT)``. llama.cpp adds its ``timings``; other servers report
no durations.
"""

from __future__ import annotations

from ..client import sse
from ..client.decode import Dialect, Piece
from ..client.json_records import BadRecord, CounterReader, Record, section, text
from ..events import Counters
from ..outcomes import Code
from ..protocols import Call

PATHS = {"completions": "/v1/completions", "chat": "/v1/chat/completions"}

_STREAM_EXTENSIONS = {"vllm": {"continuous_usage_stats": True}}


def body(call: Call, served_model: str, endpoint: str, owner: str = "") -> dict[str, object]:
    """The JSON of one request; ``owner``, the server's ``owned_by``, adds what only that server knows."""
    asked: dict[str, object] = {
        "model": served_model,
        "max_tokens": call.max_tokens,
        "temperature": call.temperature,
        "seed": call.seed,
        "stream": True,
        "stream_options": {"include_usage": True} | _STREAM_EXTENSIONS.get(owner, {}),
    }
    if endpoint == "chat":
        asked["messages"] = [{"role": "user", "content": call.text}]
    else:
        asked["prompt"] = call.text
    if call.ignore_eos:
        asked["ignore_eos"] = True
    if owner == "llamacpp":
        asked["cache_prompt"] = call.cache_prompt
    return asked


def read(record: Record) -> Piece:
    """One record of the stream. Raises ``BadRecord``."""
    if record.get("error") is not None:
        error = record["error"]
        return Piece(error=str(error.get("message", error) if isinstance(error, dict) else error))
    choice = _choice(record)
    usage = CounterReader(section(record, "usage"))
    total = usage.count("completion_tokens")
    counters, bad = _counters(record, usage, total)
    return Piece(
        content=text(choice, "text") or text(section(choice, "delta"), "content"),
        total=total,
        finish_reason=text(choice, "finish_reason")[:40] or None,
        counters=counters,
        bad=bad,
    )


def _choice(record: Record) -> Record:
    choices = record.get("choices")
    if not isinstance(choices, list):
        raise BadRecord(Code.BAD_FRAME, "a record has no choices")
    if not choices:
        return {}
    if not isinstance(choices[0], dict):
        raise BadRecord(Code.BAD_FRAME, "a choice is not an object")
    return choices[0]


def _counters(record: Record, usage: CounterReader, predicted: int | None) -> tuple[Counters | None, tuple[str, ...]]:
    """``prompt_n`` excludes what came from a cache, as llama.cpp's own counter does."""
    if not record.get("usage") and not record.get("timings"):
        return None, ()
    details = CounterReader(section(section(record, "usage"), "prompt_tokens_details"))
    timings = CounterReader(section(record, "timings"))
    prompt, cached = usage.count("prompt_tokens"), details.count("cached_tokens")
    if prompt is not None and cached is not None and cached > prompt:
        details.bad.append("cached_tokens")
        cached = None
    counters = Counters(
        prompt_n=None if prompt is None else prompt - (cached or 0),
        cache_n=cached,
        prompt_ms=timings.number("prompt_ms"),
        predicted_n=predicted,
        predicted_ms=timings.number("predicted_ms"),
    )
    return counters, (*usage.bad, *details.bad, *timings.bad)


DIALECT = Dialect(sse.frames, read, sentinel=b"[DONE]")
