"""What counts as a token of an odd server, and which tokens are reasoning."""

from __future__ import annotations

import pytest

from harness.events import Request
from harness.outcomes import OK, Code, Status
from harness.preflight import Level, Topic
from tests.support.dialect_server import MODEL, case, closing, delta, paced
from tests.support.met_server import meet, said


def first_ms(request: Request) -> float:
    return request.arrivals_ns[0] / 1e6


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("reasoning-with-running-count", 50),
        ("reasoning-without-running-count", 8),
        ("only-reasoning", 8),
        ("usage-zero-placeholders", 8),
        ("usage-record-without-choices", 8),
        ("heartbeat-empty-data", 8),
        ("done-without-blank-line", 8),
        ("content-as-list", 8),
        ("one-token-answers", 1),
        ("max-completion-tokens", 8),
        ("strict-request-fields", 8),
        ("no-model-list", 8),
        ("status-201", 8),
    ],
)
def test_a_recorded_case_is_a_good_request_with_all_its_tokens(name: str, tokens: int) -> None:
    found, request, _ = meet(*case(name), served_model=MODEL)
    assert request.outcome is OK
    assert sum(request.tokens) == tokens
    assert found.served_model == MODEL


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "thinking"])
@pytest.mark.parametrize("counted", [True, False])
def test_reasoning_counts_and_the_answer_begins_apart(name: str, counted: bool) -> None:
    usage = (lambda k: {"usage": {"completion_tokens": k}}) if counted else (lambda _: {})
    thoughts = [delta(f" r{k}", name, **usage(k + 1)) for k in range(6)]
    answer = [delta(f" w{k}", **usage(k + 7)) for k in range(2)]
    found, request, _ = meet([*paced([*thoughts, *answer], 0.03), *closing(8)])
    assert (request.outcome, sum(request.tokens), request.effective["reasoning_tokens"]) == (OK, 8, 6)
    begun = request.effective["first_answer_ms"]
    assert isinstance(begun, float)
    assert begun - first_ms(request) == pytest.approx((request.arrivals_ns[6] - request.arrivals_ns[0]) / 1e6)
    assert "6 of 8" in said(found, Topic.REASONING)[0][1]


def test_reasoning_that_tags_mark_and_reasoning_without_an_answer() -> None:
    words = ["<think>", "so", "</think>", " yes", "!"]
    _, tagged, _ = meet([*paced(map(delta, words)), *closing(5)])
    assert tagged.effective["reasoning_tokens"] == 3
    _, silent, _ = meet([*paced(delta(f" r{k}", "reasoning") for k in range(4)), *closing(4)])
    assert (silent.outcome, silent.effective["first_answer_ms"]) == (OK, None)


def test_reasoning_that_is_counted_and_never_sent_degrades() -> None:
    details = {"completion_tokens_details": {"reasoning_tokens": 40}}
    found, request, _ = meet([*paced(delta(f" w{k}") for k in range(8)), *closing(48, **details)])
    assert (request.outcome.code, sum(request.tokens)) == (Code.HIDDEN_TOKENS, 8)
    assert said(found, Topic.TOKENS)[0][0] is Level.WARNING


def test_chunks_of_several_tokens_take_their_rate_from_the_count() -> None:
    found, request, _ = meet([*paced((delta(f" four words at {k}") for k in range(4)), 0.08), *closing(16)])
    assert (request.outcome.status, request.outcome.code) == (Status.DEGRADED, Code.TOKEN_COUNT)
    assert request.tokens == (4, 4, 4, 4)
    assert said(found, Topic.TOKENS)[0][0] is Level.WARNING


@pytest.mark.parametrize(
    "placeholder", [{"completion_tokens": 0}, {"completion_tokens": 8}, {"prompt_tokens": 9}, None]
)
def test_a_placeholder_of_usage_is_no_count(placeholder: object) -> None:
    _, request, _ = meet([*paced(delta(f" w{k}", usage=placeholder) for k in range(8)), *closing(8)])
    assert (request.outcome, request.tokens) == (OK, (1,) * 8)


def test_a_count_of_nothing_is_no_counter() -> None:
    _, request, _ = meet([*paced(delta(f" w{k}") for k in range(4)), *closing(0)])
    assert (request.outcome.code, request.counters.predicted_n, sum(request.tokens)) == (Code.BAD_COUNTER, None, 4)


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": " w"}],
        [{"type": "text", "text": {"text": " w"}}],
        [" w"],
        {"type": "text", "text": " w"},
    ],
)
def test_content_in_blocks_is_content(content: object) -> None:
    _, request, _ = meet([*paced(delta(content) for _ in range(4)), *closing(4)])
    assert (request.outcome, request.text) == (OK, " w" * 4)


def test_calls_of_tools_and_refusals_are_content() -> None:
    call = {"index": 0, "function": {"name": None, "arguments": '{"a"'}}
    for name, content in (("tool_calls", [call]), ("refusal", " no"), ("function_call", {"arguments": "{"})):
        _, request, _ = meet([*paced(delta(content, name) for _ in range(4)), *closing(4, "stop")])
        assert (request.outcome, sum(request.tokens)) == (OK, 4), name
