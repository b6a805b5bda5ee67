"""Ollama's ``/api/generate``: what is sent, and how its NDJSON stream is read.

A record with content counts as one token unless ``eval_count`` of the last record says otherwise: several tokens of one
character share a record. ``eval_count`` includes the first token while ``eval_duration`` starts at it.
``prompt_eval_count`` is the whole prompt, also where most of it came from a cache, so that how much was evaluated is
not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..client import ndjson
from ..client.decode import Dialect, Piece
from ..client.json_records import CounterReader, Record, text
from ..design import Value
from ..events import Counters, Scalar
from ..outcomes import PROMPT_TOTAL
from ..protocols import Call
from .ollama_server.checks import silence

NS_TO_MS = 1e-6
PATH = "/api/generate"
KEEP_LOADED = "30m"
_OPTION = "option."

PINNED: Mapping[str, Value] = {
    "top_k": 40,
    "top_p": 0.95,
    "min_p": 0.05,
    "typical_p": 1.0,
    "repeat_penalty": 1.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
}
"""Sampling as llama.cpp does it by default: Ollama's own defaults have changed between versions."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all requests to one loaded model have in common.

    ``raw`` sends the prompt as it is, without the template of the model; ``think`` is left to the model where ``None``.
    """

    tag: str
    options: Mapping[str, Value]
    keep_alive: str = KEEP_LOADED
    raw: bool = True
    think: bool | None = None

    def handle(self, address: str) -> dict[str, Value]:
        """All of it and the server's address in one level, for other processes."""
        think: dict[str, Value] = {} if self.think is None else {"think": self.think}
        options = {f"{_OPTION}{name}": value for name, value in self.options.items()}
        return {
            "address": address, "model": self.tag, "keep_alive": self.keep_alive, "raw": self.raw, **think, **options
        }  # fmt: skip

    @classmethod
    def of_handle(cls, handle: Mapping[str, Value]) -> Common:
        """What ``handle`` was made of."""
        options = {key.removeprefix(_OPTION): value for key, value in handle.items() if key.startswith(_OPTION)}
        think = handle.get("think")
        return cls(
            str(handle["model"]),
            options,
            str(handle["keep_alive"]),
            handle["raw"] is True,
            think if isinstance(think, bool) else None,
        )


def body(call: Call, common: Common) -> dict[str, object]:
    """The JSON of one request. Ollama has no way to ignore the end-of-sequence token or its prompt cache.

    A prompt that does not fit is an error, and never cut.
    """
    return {
        "model": common.tag,
        "prompt": call.text,
        "stream": True,
        "raw": common.raw,
        "truncate": False,
        "shift": False,
        "keep_alive": common.keep_alive,
        **({} if common.think is None else {"think": common.think}),
        "options": {
            **PINNED,
            **common.options,
            "num_predict": call.max_tokens,
            "temperature": call.temperature,
            "seed": call.seed,
        },
    }


def read(record: Record) -> Piece:
    """One record of the stream. Raises ``BadRecord``."""
    if record.get("error") is not None:
        return Piece(error=str(record["error"]))
    answer, thinking = text(record, "response"), text(record, "thinking")
    content, reasoning = thinking + answer, bool(thinking) and not answer
    if record.get("done") is not True:
        return Piece(content, reasoning=reasoning)
    counts = CounterReader(record)
    counters = Counters(
        prompt_ms=counts.number("prompt_eval_duration", NS_TO_MS),
        predicted_n=counts.count("eval_count"),
        predicted_ms=counts.number("eval_duration", NS_TO_MS),
    )
    return Piece(
        content=content,
        reasoning=reasoning,
        done=True,
        finish_reason=text(record, "done_reason")[:40] or None,
        counters=counters,
        effective=_effective(counts, counters),
        bad=tuple(counts.bad),
    )


def _effective(counts: CounterReader, counters: Counters) -> dict[str, Scalar]:
    """Loading, the prompt's tokens, and what is left of the request's whole time: waiting in Ollama's queue."""
    load, total = counts.number("load_duration", NS_TO_MS), counts.number("total_duration", NS_TO_MS)
    queue = None
    if total is not None and load is not None and counters.predicted_ms is not None:
        queue = max(0.0, total - load - (counters.prompt_ms or 0.0) - counters.predicted_ms)
    return {"load_ms": load, "queue_ms": queue, PROMPT_TOTAL: counts.count("prompt_eval_count")}


DIALECT = Dialect(ndjson.frames, read, remote=True, silence=silence)
