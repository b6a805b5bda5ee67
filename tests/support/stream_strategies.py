"""Hypothesis strategies: healthy streams of each dialect, and the same bytes damaged."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from harness.backends import llama_cpp_wire, ollama_wire, openai_wire
from harness.client.decode import Decoded, Dialect, decode_now
from harness.client.exchange import Exchange
from harness.outcomes import Code
from tests.support.stream_server import HEAD, http_chunk, replay, terminal, token

DIALECTS: Mapping[str, Dialect] = {
    "llama_cpp": llama_cpp_wire.DIALECT,
    "openai": openai_wire.DIALECT,
    "ollama": ollama_wire.DIALECT,
}


@dataclass(frozen=True)
class Wire:
    """A response as the server wrote it, and what it said."""

    dialect: str
    data: bytes
    words: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """What must not depend on how bytes were split: everything but times and the wording of a failure."""

    code: Code | None
    text: str
    tokens: tuple[int, ...]
    counters: object
    finish_reason: str | None


def seen(answer: Exchange, dialect: str) -> tuple[Seen, Decoded]:
    out = decode_now(answer, DIALECTS[dialect])
    return Seen(out.outcome.code, out.text, tuple(out.tokens), out.counters, out.finish_reason), out


def look(segments: Sequence[bytes], dialect: str) -> Seen:
    return seen(replay(segments), dialect)[0]


def _llama(words: Sequence[str]) -> list[object]:
    return [*(token(word, i + 1) for i, word in enumerate(words)), terminal(len(words))]


def _openai(words: Sequence[str]) -> list[object]:
    usage = {"prompt_tokens": 5, "completion_tokens": len(words), "prompt_tokens_details": {"cached_tokens": 0}}
    last = {"choices": [{"index": 0, "text": "", "finish_reason": "length"}]}
    return [*({"choices": [{"text": word}]} for word in words), last, {"choices": [], "usage": usage}]


def _ollama(words: Sequence[str]) -> list[object]:
    last = {"response": "", "done": True, "done_reason": "length", "eval_count": len(words), "eval_duration": 10**6}
    return [*({"response": word, "done": False} for word in words), last]


_RECORDS: dict[str, Callable[[Sequence[str]], list[object]]] = {
    "llama_cpp": _llama,
    "openai": _openai,
    "ollama": _ollama,
}

words = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6), min_size=1, max_size=12)


@st.composite
def wires(draw: st.DrawFn) -> Wire:
    """A healthy response: any words, escaped or not, any line ends, comments between events, any HTTP chunks."""
    dialect = draw(st.sampled_from(sorted(DIALECTS)))
    said = draw(words)
    rng = random.Random(draw(st.integers(0, 2**32)))
    pieces = [_piece(dialect, record, rng) for record in _RECORDS[dialect](said)]
    if dialect == "openai":
        pieces.append(b"data: [DONE]" + _blank(rng))
    return Wire(dialect, _http(b"".join(pieces), rng), tuple(said))


_ENDS = (b"\n", b"\r\n", b"\r")


def _blank(rng: random.Random) -> bytes:
    """The end of a line and a blank line; CR before LF would be one end, not two."""
    first = rng.choice(_ENDS)
    return first + rng.choice((b"\r", b"\r\n") if first == b"\r" else _ENDS)


def _piece(dialect: str, record: object, rng: random.Random) -> bytes:
    text = json.dumps(record, ensure_ascii=rng.random() < 0.5).encode()
    if dialect == "ollama":
        return text + rng.choice((b"\n", b"\r\n", b"\n\n"))
    comment = b": ping" + rng.choice(_ENDS) if rng.random() < 0.3 else b""
    return comment + b"data: " + text + _blank(rng)


def _http(body: bytes, rng: random.Random) -> bytes:
    if rng.random() < 0.2:
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    if rng.random() < 0.2:
        return b"HTTP/1.0 200 OK\r\n\r\n" + body
    cuts = sorted(rng.randrange(len(body)) for _ in range(rng.randrange(20)))
    parts = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    return HEAD + b"".join(http_chunk(part) for part in parts if part) + b"0\r\n\r\n"


@st.composite
def damaged(draw: st.DrawFn) -> Wire:
    """A response with bytes changed, dropped, doubled, swapped for hostile ones, or cut off."""
    wire = draw(wires())
    data = bytearray(wire.data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        kind = draw(st.sampled_from(["flip", "drop", "double", "insert", "cut"]))
        if kind == "flip":
            data[at] ^= draw(st.integers(1, 255))
        elif kind == "drop":
            del data[at : at + draw(st.integers(1, 8))]
        elif kind == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 64))]
        elif kind == "insert":
            data[at:at] = draw(st.sampled_from(HOSTILE))
        else:
            del data[max(at, 1) :]
        if not data:
            data += b"\0"
    return Wire(wire.dialect, bytes(data), wire.words)


HOSTILE = (
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\0",
    b"\n\n",
    b"\r",
    b"NaN",
    b"-1",
    b"1e999",
    b"9" * 5000,
    b"[" * 3000,
    b'data: {"error": "x"}\n\n',
    b"data: [DONE]\n\n",
    b'data: {"stop": true}\n\n',
    b'"tokens_predicted": 1, ',
    b"0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"\xef\xbb\xbf",
)
