"""What the pacer says on the wire: the streams of llama.cpp, of OpenAI-compatible servers and of Ollama."""

from __future__ import annotations

import json
from dataclasses import dataclass

CONTENT = " tok"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One wire shape. ``first``, ``token`` and the terminal record are whole HTTP chunks."""

    name: str
    head: bytes
    token: bytes

    def terminal(self, tokens: int, prompt_ms: float, predicted_ms: float) -> bytes:
        """The records that end a stream of ``tokens`` tokens, and the end of the HTTP body."""
        records = _TERMINALS[self.name](tokens, prompt_ms, predicted_ms)
        return b"".join(_http_chunk(record) for record in records) + b"0\r\n\r\n"


def _http_chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def _sse(record: object) -> bytes:
    return b"data: " + json.dumps(record, separators=(",", ":")).encode() + b"\n\n"


def _ndjson(record: object) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def _head(content_type: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", f"Content-Type: {content_type}", "Transfer-Encoding: chunked")
    return "\r\n".join([*lines, "", ""]).encode()


def _llama_cpp_terminal(tokens: int, prompt_ms: float, predicted_ms: float) -> list[bytes]:
    timings = {"cache_n": 0, "prompt_n": 8, "prompt_ms": prompt_ms, "predicted_n": tokens, "predicted_ms": predicted_ms}
    return [_sse({"index": 0, "content": "", "tokens": [], "stop": True, "stop_type": "limit", "timings": timings})]


def _openai_terminal(tokens: int, prompt_ms: float, predicted_ms: float) -> list[bytes]:
    del prompt_ms, predicted_ms
    last = {"object": "text_completion", "choices": [{"index": 0, "text": "", "finish_reason": "length"}]}
    usage = {"prompt_tokens": 8, "completion_tokens": tokens, "total_tokens": tokens + 8}
    return [_sse(last), _sse({"object": "text_completion", "choices": [], "usage": usage}), b"data: [DONE]\n\n"]


def _ollama_terminal(tokens: int, prompt_ms: float, predicted_ms: float) -> list[bytes]:
    durations = {"prompt_eval_duration": int(prompt_ms * 1e6), "eval_duration": int(predicted_ms * 1e6)}
    counts = {"prompt_eval_count": 8, "eval_count": tokens}
    return [_ndjson({"model": "pacer", "response": "", "done": True, "done_reason": "length", **counts, **durations})]


_TERMINALS = {"llama_cpp": _llama_cpp_terminal, "openai": _openai_terminal, "ollama": _ollama_terminal}

_LLAMA_CPP_RECORD = {
    "index": 0, "content": CONTENT, "tokens": [1], "stop": False, "id_slot": -1, "tokens_predicted": 1,
    "tokens_evaluated": 8,
}  # fmt: skip
_OPENAI_RECORD = {
    "id": "cmpl-0", "object": "text_completion", "created": 0, "model": "pacer",
    "choices": [{"index": 0, "text": CONTENT, "logprobs": None, "finish_reason": None}],
}  # fmt: skip
_OLLAMA_RECORD = {"model": "pacer", "created_at": "2025-01-01T00:00:00.000000Z", "response": CONTENT, "done": False}

LLAMA_CPP = Dialect("llama_cpp", _head("text/event-stream"), _http_chunk(_sse(_LLAMA_CPP_RECORD)))
OPENAI = Dialect("openai", _head("text/event-stream"), _http_chunk(_sse(_OPENAI_RECORD)))
OLLAMA = Dialect("ollama", _head("application/x-ndjson"), _http_chunk(_ndjson(_OLLAMA_RECORD)))

PATHS: dict[str, Dialect] = {"/completion": LLAMA_CPP, "/v1/completions": OPENAI, "/api/generate": OLLAMA}
"""Where the pacer speaks which dialect."""
