"""Streams of OpenAI-compatible servers in the shapes of many: what counts as a token, reasoning, an error, an end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.backends.openai_wire import DIALECT
from harness.client.decode import Decoded, decode_now
from harness.client.exchange import Exchange
from harness.client.measured_request import measured_outcome
from harness.outcomes import OK, Code
from tests.support.dialect_server import closing, delta, event


def decoded(script: Sequence[str], kind: str = "text/event-stream") -> Decoded:
    """Event *i* arrived at ``10 * (i + 1)`` milliseconds."""
    stamps = [10_000_000 * (i + 1) for i in range(len(script))]
    chunks = [piece.encode() for piece in script]
    return decode_now(Exchange(0, 10**9, OK, status=200, stamps=stamps, chunks=chunks, content_type=kind), DIALECT)


def words(n: int) -> list[str]:
    return [delta(f" word{k}") for k in range(n)]


@pytest.mark.parametrize(
    "name", ["reasoning_text", "thoughts", "reasoning_delta", "thinking_content", "chain_of_thought", "cot"]
)
def test_reasoning_under_any_usual_name_counts(name: str) -> None:
    out = decoded([*(delta(f" r{k}", name) for k in range(4)), *words(4), *closing(8)])
    assert (out.outcome, out.tokens, out.reasoning_tokens, out.answer_ns) == (OK, [1] * 8, 4, 50_000_000)


@pytest.mark.parametrize(
    ("field", "block"),
    [
        ("reasoning_details", [{"type": "reasoning.text", "text": " r", "signature": None}]),
        ("reasoning_details", [{"type": "reasoning.summary", "summary": " r"}]),
        ("content", [{"type": "reasoning.text", "text": " r"}]),
        ("content", [{"type": "thinking", "thinking": [{"type": "text", "text": " r"}]}]),
    ],
)
def test_reasoning_in_blocks_counts(field: str, block: object) -> None:
    out = decoded([*(delta(block, field) for _ in range(4)), *words(4), *closing(8)])
    assert (out.outcome, out.reasoning_tokens, out.tokens) == (OK, 4, [1] * 8)


@pytest.mark.parametrize(
    ("name", "value"), [("thinking", True), ("reasoning", 3), ("thought_signature", "c2ln"), ("reasoning_id", "r1")]
)
def test_what_goes_with_reasoning_is_no_text_of_it(name: str, value: object) -> None:
    out = decoded([delta(value, name), *words(4), *closing(4)])
    assert (out.outcome, out.tokens, out.reasons) == (OK, [1] * 4, False)


@pytest.mark.parametrize(
    "said",
    [
        ["<think>", "so", "</think>", " yes"],
        ["<thinking>", "so", "</thinking>", " yes"],
        ["\n<seed:think>", "so", "</seed:think>", " yes"],
        ["[THINK]", "so", "[/THINK]", " yes"],
        ["well", " so", "</think>", " yes"],
        ["<th", "ink>so", "</think>\n", " yes"],
    ],
)
def test_tags_in_the_text_mark_reasoning(said: list[str]) -> None:
    out = decoded([*map(delta, said), *closing(4)])
    assert (out.reasoning_tokens, out.answer_ns) == (3, 40_000_000)


@pytest.mark.parametrize("said", [["Write ", "<think>", " and ", "</think>"], ["a", "<b>", "</b>", "!"]])
def test_tags_that_an_answer_tells_of_mark_nothing(said: list[str]) -> None:
    assert not decoded([*map(delta, said), *closing(4)]).reasons


FAILURES = [
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "abort"}]},
    {"choices": [{"index": 0, "delta": {}, "error": {"message": "lost"}, "finish_reason": None}]},
    {"type": "error", "error": {"type": "overloaded_error", "message": "lost"}},
    {"errors": ["lost"]},
    {"detail": "lost"},
    {"message": "lost"},
    {"status_code": 500, "message": "lost"},
    {"base_resp": {"status_code": 1008, "status_msg": "lost"}},
    {"error": {}},
]


@pytest.mark.parametrize("record", FAILURES)
@pytest.mark.parametrize("end", [[event("[DONE]")], []])
def test_an_answer_that_breaks_off_with_an_error_is_no_answer(record: object, end: list[str]) -> None:
    out = decoded([*words(3), event(record), *end])
    assert out.outcome.code is Code.ERROR_IN_STREAM
    assert out.outcome.detail not in ("", "None")


@pytest.mark.parametrize(
    "news",
    [
        {"object": "warning", "message": "slow", "code": 1},
        {"status": "queued", "message": "third in line"},
        {"status": "processing", "detail": "routed"},
        {"choices": [{"index": 0, "delta": {"content": " word"}}], "error": {}},
    ],
)
def test_news_before_the_answer_is_no_error(news: object) -> None:
    assert decoded([event(news), *words(4), *closing(None)]).outcome is OK


@pytest.mark.parametrize("end", ["data: [done]\n\n", 'data: "[DONE]"\n\n', "event: done\ndata: {}\n\n"])
def test_an_end_in_other_words_is_an_end(end: str) -> None:
    assert decoded([*words(4), *closing(4)[:-1], end]).outcome is OK


@pytest.mark.parametrize("counted", [200, 10**9])
def test_more_tokens_than_bytes_were_not_sent(counted: int) -> None:
    out = decoded([*words(8), *closing(counted)])
    assert (out.outcome.code, out.tokens) == (Code.HIDDEN_TOKENS, [1] * 8)


def test_an_answer_in_one_chunk_is_not_streamed() -> None:
    whole = decoded([delta(" all of it at once"), *closing(8)])
    assert (measured_outcome(whole).code, whole.tokens) == (Code.TOKEN_COUNT, [8])
    counted = decoded([delta(" all of it at once", usage={"completion_tokens": 8}), *closing(8)])
    assert (measured_outcome(counted).code, counted.tokens) == (Code.BUFFERED, [8])


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ('{"error": {"message": "no quota"}}', Code.ERROR_IN_STREAM, "no quota"),
        ('{"detail": "no quota"}', Code.ERROR_IN_STREAM, "no quota"),
        ('{"choices": [{"message": {"content": "all"}}]}', Code.NOT_STREAMED, "a stream was asked for"),
        ('event: message_delta\ndata: {"type": "message_delta", "text": "a"}\n\n', Code.CLOSED_EARLY, "message_delta"),
        ('{"choices": [{"delta": {"content": "a"}}]}\n', Code.NOT_STREAMED, "a stream was asked for"),
    ],
)
def test_what_comes_in_place_of_a_stream_is_quoted(body: str, code: Code, said: str) -> None:
    out = decoded([body]).outcome
    assert out.code is code
    assert said in out.detail
