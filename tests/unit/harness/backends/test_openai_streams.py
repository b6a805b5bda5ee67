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


@pytest.mark.parametrize("name", ["inner_voice", "cogitation", "scratchpad", "analysis"])
def test_reasoning_under_a_name_that_nobody_listed_counts_and_degrades(name: str) -> None:
    said = [event({"choices": [{"delta": {name: f" r{k}", "role": "assistant", "id": f"r{k}"}}]}) for k in range(4)]
    out = decoded([*said, *words(4), *closing(8)])
    assert (out.outcome.code, out.tokens, out.reasoning_tokens) == (Code.UNLISTED_REASONING, [1] * 8, 4)
    assert (out.answer_ns, out.effective["unlisted_reasoning"]) == (50_000_000, name)
    assert out.text.startswith(" r0 r1 r2 r3 word0")


@pytest.mark.parametrize("pieces", [["Let", " me", " see"], ["让", "我", "想"], [" hm", " hm", " hm"]])
def test_an_answer_of_nothing_else_has_its_tokens_and_no_answer(pieces: list[str]) -> None:
    out = decoded([*(delta(piece, "inner_voice") for piece in pieces), *closing(3)])
    assert (out.tokens, out.answer_ns, out.text) == ([1] * 3, None, "".join(pieces))


def test_text_that_is_repeated_from_its_begin_adds_what_is_new() -> None:
    out = decoded([*(delta("so it is"[:end], "inner_voice") for end in (2, 5, 8)), *words(1), *closing(4)])
    assert (out.text, out.tokens, out.reasoning_tokens) == ("so it is word0", [1] * 4, 3)


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("event_id", ["e 1", "e 2", "e 3"]),
        ("messageId", ["m 1", "m 2", "m 3"]),
        ("stage", ["looks up", "reads", "writes"]),
        ("trace", ["0af7-01", "0af7-02", "0af7-03"]),
        ("shard", ["eu-west-1"] * 3),
        ("note", ["please wait a moment"] * 3),
        ("hint", ["one sentence that comes once"]),
        ("system_fingerprint", ["fp a", "fp b", "fp c"]),
        ("finish_reason", ["not yet", "not yet.", "now"]),
        ("created", ["Thu 1", "Thu 2", "Thu 3"]),
    ],
)
def test_what_says_nothing_of_a_models_thoughts_is_no_reasoning(name: str, pieces: list[str]) -> None:
    out = decoded([*(delta(piece, name) for piece in pieces), *words(4), *closing(4)])
    assert (out.outcome, out.tokens, out.reasons) == (OK, [1] * 4, False)


def test_what_comes_with_or_after_the_answer_is_no_reasoning() -> None:
    beside = [event({"choices": [{"delta": {"content": f" w{k}", "gloss": f" g{k}"}}]}) for k in range(4)]
    after = [delta(f" t{k}", "gloss") for k in range(4)]
    out = decoded([*beside, *after, *closing(4)])
    assert (out.outcome, out.tokens, out.reasons) == (OK, [1] * 4, False)


COUNT = {"prompt_tokens": 9, "completion_tokens": 4}


@pytest.mark.parametrize(
    ("last", "place"),
    [
        ({"choices": [], "x_groq": {"id": "r", "usage": COUNT}}, "x_groq.usage"),
        ({"choices": [{"delta": {}, "usage": COUNT}]}, "choices.usage"),
        ({"choices": [], "metrics": {"input_tokens": 9, "output_tokens": 4, "ttft": 0.2}}, "metrics"),
        ({"choices": [], "details": {"num_input_tokens": 9, "generated_tokens": 4}}, "details"),
        ({"choices": [], "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4}}, "usageMetadata"),
        ({"choices": [], "timings": {"prompt_n": 7, "cache_n": 2, "predicted_n": 4}}, "timings"),
        ({"choices": [], "usage": {"input_tokens": 9, "output_tokens": 4}}, None),
    ],
)
def test_a_count_is_found_wherever_it_stands(last: object, place: str | None) -> None:
    out = decoded([*words(4), *closing(None)[:1], event(last), event("[DONE]")])
    assert (out.outcome, out.counters.predicted_n, out.effective.get("usage_at")) == (OK, 4, place)
    prompt = out.effective.get("prompt_tokens_total") or (out.counters.prompt_n or 0) + (out.counters.cache_n or 0)
    assert prompt == 9


@pytest.mark.parametrize(
    "other",
    [
        {"metrics": {"completion_tokens": 0}},
        {"metrics": {"completion_tokens": True}},
        {"metrics": {"completion_tokens": "4"}},
        {"limits": {"max_tokens": 4, "remaining_tokens": 7}},
        {"a": {"b": {"c": {"completion_tokens": 7}}}},
        {f"f{k}": {"completion_tokens": 7 * (k == 40)} for k in range(41)},
    ],
)
def test_what_counts_no_tokens_of_the_answer_is_no_count(other: dict[str, object]) -> None:
    out = decoded([*words(4), *closing(None)[:1], event({"choices": [], **other}), event("[DONE]")])
    assert (out.outcome, out.counters.predicted_n) == (OK, None)


def test_the_usual_place_counts_before_any_other() -> None:
    both = {"choices": [], "usage": COUNT, "x_groq": {"usage": {"completion_tokens": 99}}}
    out = decoded([*words(4), *closing(None)[:1], event(both), event("[DONE]")])
    assert (out.counters.predicted_n, "usage_at" in out.effective) == (4, False)


@pytest.mark.parametrize("usage", [[1], "none", {"prompt_tokens_details": "none", "completion_tokens": 4}])
def test_a_count_of_another_shape_degrades_and_costs_no_token(usage: object) -> None:
    out = decoded([*words(4), *closing(None)[:1], event({"choices": [], "usage": usage}), event("[DONE]")])
    assert (out.outcome.code, out.tokens) == (Code.BAD_COUNTER, [1] * 4)


def test_reasoning_beside_the_delta_counts() -> None:
    beside = [event({"choices": [{"delta": {}, "reasoning_content": f" r{k}"}]}) for k in range(4)]
    out = decoded([*beside, *words(4), *closing(8)])
    assert (out.outcome, out.tokens, out.reasoning_tokens) == (OK, [1] * 8, 4)
