"""What the pacer says on the wire: the streams of llama.cpp, of OpenAI-compatible servers and of Ollama."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

CONTENT = " tok"
PROMPT_TOKENS = 8
SSE, NDJSON = "text/event-stream", "application/x-ndjson"

Record = dict[str, object]
Last = Callable[[int, float, float], list[Record | str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One wire shape: ``record(k)`` is the *k*-th token's, counted from 1; ``last`` ends a stream."""

    name: str
    media_type: str
    record: Callable[[int], Record]
    last: Last

    def tokens(self, n: int) -> list[bytes]:
        """What is written for each of ``n`` tokens: an HTTP chunk, the first behind the response's head."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self.media_type}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        chunks = [_http_chunk(self._framed(self.record(k))) for k in range(1, n + 1)]
        return [head + chunks[0], *chunks[1:]]

    def terminal(self, n: int, prompt_ms: float, predicted_ms: float, truth: bytes = b"") -> bytes:
        """The records that end a stream of ``n`` tokens and the end of the HTTP body.

        ``truth`` goes before them in a comment, which clients ignore; NDJSON has no comments and goes without.
        """
        comment = _http_chunk(b": truth " + truth + b"\n\n") if truth and self.media_type == SSE else b""
        records = (self._framed(record) for record in self.last(n, prompt_ms, predicted_ms))
        return comment + b"".join(map(_http_chunk, records)) + b"0\r\n\r\n"

    def _framed(self, record: Record | str) -> bytes:
        text = record if isinstance(record, str) else json.dumps(record, separators=(",", ":"))
        return f"data: {text}\n\n".encode() if self.media_type == SSE else f"{text}\n".encode()


def _http_chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def _llama_cpp(k: int) -> Record:
    return {
        "index": 0,
        "content": CONTENT,
        "tokens": [k],
        "stop": False,
        "id_slot": -1,
        "tokens_predicted": k,
        "tokens_evaluated": PROMPT_TOKENS,
    }


def _llama_cpp_last(n: int, prompt_ms: float, predicted_ms: float) -> list[Record | str]:
    timings = {
        "cache_n": 0,
        "prompt_n": PROMPT_TOKENS,
        "prompt_ms": prompt_ms,
        "predicted_n": n,
        "predicted_ms": predicted_ms,
    }
    end = {"index": 0, "content": "", "tokens": [], "stop": True, "stop_type": "limit", "tokens_predicted": n}
    return [end | {"timings": timings}]


def _openai(_k: int) -> Record:
    choice = {"index": 0, "text": CONTENT, "logprobs": None, "finish_reason": None}
    return {"id": "cmpl-0", "object": "text_completion", "created": 0, "model": "pacer", "choices": [choice]}


def _openai_last(n: int, _prompt_ms: float, _predicted_ms: float) -> list[Record | str]:
    choice = {"index": 0, "text": "", "logprobs": None, "finish_reason": "length"}
    usage = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": n, "total_tokens": PROMPT_TOKENS + n}
    base: Record = {"id": "cmpl-0", "object": "text_completion", "created": 0, "model": "pacer"}
    return [base | {"choices": [choice]}, base | {"choices": [], "usage": usage}, "[DONE]"]


def _ollama(_k: int) -> Record:
    return {"model": "pacer", "created_at": "2025-01-01T00:00:00.000000Z", "response": CONTENT, "done": False}


def _ollama_last(n: int, prompt_ms: float, predicted_ms: float) -> list[Record | str]:
    counts: Record = {"prompt_eval_count": PROMPT_TOKENS, "eval_count": n}
    durations: Record = {"prompt_eval_duration": int(prompt_ms * 1e6), "eval_duration": int(predicted_ms * 1e6)}
    end = _ollama(n) | {"response": "", "done": True, "done_reason": "length"}
    return [end | counts | durations]


PATHS: dict[str, Dialect] = {
    "/completion": Dialect("llama_cpp", SSE, _llama_cpp, _llama_cpp_last),
    "/v1/completions": Dialect("openai", SSE, _openai, _openai_last),
    "/api/generate": Dialect("ollama", NDJSON, _ollama, _ollama_last),
}
"""Where the pacer speaks which dialect."""
