"""llama.cpp's native ``/completion``: what is sent, and how its stream is read.

Tokens per chunk are the engine's own count: the difference of ``tokens_predicted``, so a chunk that
completes a character out of several tokens counts them all. ``Counters`` are the terminal record's ``timings``;
``predicted_ms`` starts at the first token (the engine's own ``predicted_per_token_ms`` is
``predicted_ms / (predicted_n - 1)``), while ``predicted_n`` includes it.
"""

from __future__ import annotations

from ..client import sse
from ..client.decode import Dialect, Piece
from ..client.json_records import CounterReader, Record, section, shortest_float32, text
from ..events import Counters, Scalar
from ..protocols import Call

TRUNCATED = "truncated"
"""The effective setting that is true where the engine says that the context ended before the text did."""

_REPORTED = {"seed": "seed", "max_tokens": "n_predict", "ignore_eos": "ignore_eos"}
_FINISH = {"limit": "length", "eos": "stop", "word": "stop"}


def body(call: Call) -> dict[str, object]:
    """The JSON of one request."""
    return {
        "prompt": call.text,
        "n_predict": call.max_tokens,
        "temperature": call.temperature,
        "seed": call.seed,
        "ignore_eos": call.ignore_eos,
        "cache_prompt": call.cache_prompt,
        "stream": True,
        "return_tokens": True,
    }


def read(record: Record) -> Piece:
    """One record of the stream. Raises ``BadRecord``."""
    if "error" in record or "message" in record:
        return Piece(error=_error(record))
    counts = CounterReader(record)
    total = counts.count("tokens_predicted")
    if record.get("stop") is not True:
        return Piece(text(record, "content"), total, bad=tuple(counts.bad))
    timings = CounterReader(section(record, "timings"))
    counters = Counters(
        prompt_n=timings.count("prompt_n"),
        cache_n=timings.count("cache_n"),
        prompt_ms=timings.number("prompt_ms"),
        predicted_n=timings.count("predicted_n"),
        predicted_ms=timings.number("predicted_ms"),
    )
    return Piece(
        content=text(record, "content"),
        total=total,
        done=True,
        finish_reason=_FINISH.get(text(record, "stop_type")),
        counters=counters,
        effective=_effective(section(record, "generation_settings")) | _truncated(record),
        bad=(*counts.bad, *timings.bad),
    )


def _truncated(record: Record) -> dict[str, Scalar]:
    said = record.get("truncated")
    return {TRUNCATED: said} if isinstance(said, bool) else {}


def _effective(settings: Record) -> dict[str, Scalar]:
    """What the engine says it sampled with."""
    effective: dict[str, Scalar] = {
        name: value
        for name, key in _REPORTED.items()
        if isinstance(value := settings.get(key), str | int | float | bool)
    }
    temperature = CounterReader(settings).number("temperature")
    return effective if temperature is None else effective | {"temperature": shortest_float32(temperature)}


def _error(record: Record) -> str:
    said = record.get("error", record)
    return str(said.get("message", said) if isinstance(said, dict) else said)


DIALECT = Dialect(sse.frames, read, counts=True)
