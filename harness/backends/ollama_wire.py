"""Ollama's ``/api/generate``: what is sent, and how its NDJSON stream is read.

A record with content counts as one token; ``eval_count`` of the last record is the engine's own count, and
more than an end-of-sequence token of difference is ``degraded(TOKEN_COUNT)``. ``eval_count`` includes
the first token while ``eval_duration`` starts at it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..client import ndjson
from ..client.decode import Dialect, Piece
from ..client.json_records import CounterReader, Record, text
from ..design import Value
from ..events import Counters
from ..protocols import Call

NS_TO_MS = 1e-6
KEEP_LOADED = "30m"


def body(call: Call, tag: str, options: Mapping[str, Value]) -> dict[str, object]:
    """The JSON of one request. Ollama has no way to ignore the end-of-sequence token or its prompt cache."""
    return {
        "model": tag,
        "prompt": call.text,
        "stream": True,
        "keep_alive": KEEP_LOADED,
        "options": {
            **options,
            "num_predict": call.max_tokens,
            "temperature": call.temperature,
            "seed": call.seed,
        },
    }


def read(record: Record) -> Piece:
    """One record of the stream. Raises ``BadRecord``."""
    if record.get("error") is not None:
        return Piece(error=str(record["error"]))
    content = text(record, "response")
    if record.get("done") is not True:
        return Piece(content)
    counts = CounterReader(record)
    counters = Counters(
        prompt_n=counts.count("prompt_eval_count"),
        prompt_ms=counts.number("prompt_eval_duration", NS_TO_MS),
        predicted_n=counts.count("eval_count"),
        predicted_ms=counts.number("eval_duration", NS_TO_MS),
    )
    return Piece(
        content=content,
        done=True,
        finish_reason=text(record, "done_reason")[:40] or None,
        counters=counters,
        effective={"load_ms": counts.number("load_duration", NS_TO_MS)},
        bad=tuple(counts.bad),
    )


DIALECT = Dialect(ndjson.frames, read)
