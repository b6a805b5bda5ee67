"""Each odd server, met by a preflight and then by a measured request: what is agreed, and what is recorded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from harness.backends.openai_http import OpenAIHttp
from harness.design import Value
from harness.errors import Unavailable
from harness.events import Phase, Request
from harness.models import SMOLLM2_135M
from harness.outcomes import OK, Code, Status
from harness.preflight import Level, Preflight, Topic
from harness.preflight.openai import openai
from harness.protocols import Call, EngineFailed
from tests.support.dialect_server import (
    ITL_S,
    MODEL,
    DialectServer,
    Manner,
    Script,
    case,
    closing,
    delta,
    event,
    healthy,
    paced,
    whole,
)
from tests.support.stream_server import serving

CALL = Call(0, Phase.MEASURED, "p", "Hello", 8, seed=7, temperature=0.0, ignore_eos=False)


def meet(
    script: Script, manner: Manner | None = None, path: str = "", **settings: Value
) -> tuple[Preflight, Request, Mapping[str, object]]:
    """The preflight, one request as agreed, and what the server says is effective."""

    async def main() -> tuple[Preflight, Request, Mapping[str, object]]:
        async with serving(DialectServer(script, manner)) as target:
            base = f"http://{target.host}:{target.port}{path}"
            found = await openai("", {"base_url": base, **settings})
            backend = OpenAIHttp()
            backend.agreed = found.agreed
            started = await backend.start(SMOLLM2_135M, {"base_url": base, **settings})
            request = await backend.request(CALL)
            await backend.stop()
            return found, request, started.effective

    return asyncio.run(main())


def said(found: Preflight, topic: Topic) -> list[tuple[Level, str]]:
    return [(one.level, one.text) for one in found.findings if one.topic is topic]


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


HEARTBEATS = [
    "data:\n\n",
    "data: \n\n",
    ": ping\n\n",
    ":\n\n",
    "event: ping\ndata: {}\n\n",
    'event: ping\ndata: {"type": "ping"}\n\n',
    "event: heartbeat\ndata: now\n\n",
    'event: metadata\ndata: {"request_id": "abc", "message": "routed"}\n\n',
    "data: {}\n\n",
    "data: null\n\n",
    "data: [PING]\n\n",
    "data: keep-alive\n\n",
    'data: {"type": "ping"}\n\n',
    'data: {"id": "x", "choices": null}\n\n',
]


@pytest.mark.parametrize("heartbeat", HEARTBEATS)
def test_heartbeats_say_nothing(heartbeat: str) -> None:
    _, request, _ = meet([heartbeat, *[piece for item in healthy() for piece in (heartbeat, item)], heartbeat])
    assert (request.outcome, request.tokens) == (OK, (1,) * 8)


@pytest.mark.parametrize(
    "end",
    [
        ["data: [DONE]\n"],
        ["data: [DONE]"],
        ["data:[DONE]\n\n"],
        [],
        [event({"usage": {"completion_tokens": 8}}, end="")],
    ],
)
def test_a_stream_ends_with_its_body(end: list[str]) -> None:
    script = [*paced(delta(f" w{k}") for k in range(8)), *closing(8)[:1], *end]
    _, request, _ = meet(script)
    assert (request.outcome, sum(request.tokens)) == (OK, 8)


def test_a_body_that_ends_without_a_reason_is_closed_early() -> None:
    with pytest.raises(Unavailable, match="closed_early"):
        meet(paced(delta(f" w{k}") for k in range(8)))


@pytest.mark.parametrize(
    "record",
    [
        "event: error\n" + event({"message": "out of blocks", "code": 500}),
        event({"error": {"message": "out of blocks"}}),
        event({"error": "out of blocks"}),
        event({"object": "error", "message": "out of blocks"}),
        "event: error\ndata: out of blocks\n\n",
    ],
)
def test_an_error_in_the_stream_is_one_in_every_shape(record: str) -> None:
    with pytest.raises(Unavailable, match="out of blocks"):
        meet([*paced([delta(" w0")]), record, *closing(1)])


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


def test_a_proxy_that_buffers_everything_is_found_and_degrades() -> None:
    for name in ("proxy-buffers-everything",):
        found, request, _ = meet(*case(name))
        assert (request.outcome.status, request.outcome.code) == (Status.DEGRADED, Code.BUFFERED)
        assert said(found, Topic.BUFFERING)[0][0] is Level.WARNING


@pytest.mark.parametrize("burst", [3, 5])
def test_a_proxy_that_buffers_in_bursts_is_found(burst: int) -> None:
    chunks = [delta(f" w{k}") for k in range(15)]
    bursts = ["".join(chunks[at : at + burst]) for at in range(0, 15, burst)]
    found, request, _ = meet([*paced(bursts, 0.06), *closing(15)])
    assert said(found, Topic.BUFFERING)[0][0] is Level.WARNING
    assert sum(request.tokens) == 15
    assert said(meet(*case("proxy-buffers-bursts"))[0], Topic.BUFFERING)[0][0] is Level.WARNING


def test_what_streams_one_by_one_is_said_so() -> None:
    found, _, _ = meet(healthy(16))
    assert said(found, Topic.BUFFERING) == [(Level.FOUND, "chunks come one by one")]
    assert not found.warnings


REFUSALS = [
    "",
    json.dumps(
        {"detail": [{"type": "extra_forbidden", "loc": ["body", "FIELD"], "msg": "Extra inputs are not permitted"}]}
    ),
    json.dumps({"object": "error", "message": "Unrecognized request argument supplied: FIELD"}),
    "FIELD: unknown field",
    "Bad Request",
]


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("field", ["seed", "stream_options", "ignore_eos", "temperature"])
def test_a_field_that_is_refused_is_left_out(field: str, refusal: str) -> None:
    manner = Manner(refuse_fields=[field], refusal=refusal.replace("FIELD", field))
    found, request, effective = meet(healthy(), manner)
    assert request.outcome is OK
    assert field not in manner.asked[-1]
    assert field in str(effective["fields_omitted"])
    assert said(found, Topic.FIELDS)[0][0] is Level.ADAPTED


@pytest.mark.parametrize(
    "refusal",
    [
        "",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "nope",
    ],
)
def test_the_limit_has_another_name_where_its_own_is_refused(refusal: str) -> None:
    manner = Manner(refuse_fields=["max_tokens"], refusal=refusal)
    _, request, effective = meet(healthy(), manner)
    assert request.outcome is OK
    assert manner.asked[-1]["max_completion_tokens"] == CALL.max_tokens
    assert effective["limit_sent_as"] == "max_completion_tokens"


def test_everything_at_once_may_be_refused() -> None:
    manner = Manner(refuse_fields=["stream_options", "ignore_eos", "seed", "temperature", "max_tokens"])
    _, request, _ = meet(healthy(), manner)
    assert request.outcome is OK
    assert sorted(manner.asked[-1]) == ["max_completion_tokens", "model", "prompt", "stream"]


@pytest.mark.parametrize(
    ("root", "path"),
    [("/v1", ""), ("/v1", "/v1"), ("/v1", "/v1/"), ("/v3", "/v3"), ("/v1beta", "/v1beta"), ("/openai", "/openai"),
     ("/v1beta/openai", "/v1beta/openai"), ("/api/v1", "/api"), ("/v1", "/v1/chat/completions")],
)  # fmt: skip
def test_the_base_path_is_found_with_and_without_a_version(root: str, path: str) -> None:
    manner = Manner(models_path=f"{root}/models", post_path=f"{root}/chat/completions")
    found, request, _ = meet(healthy(), manner, path)
    assert request.outcome is OK
    assert found.address.endswith(root)
    assert found.agreed["endpoint"] == "chat"


def test_a_base_path_is_found_without_a_model_list_too() -> None:
    manner = Manner(models_path="/none", post_path="/llm/chat/completions")
    found, request, _ = meet(healthy(), manner, "/llm", served_model=MODEL)
    assert (request.outcome, found.models) == (OK, ())


def test_a_redirect_moves_the_base() -> None:
    manner = Manner(models_path="/v1/models", redirect="/real/v1/models", post_path="/real/v1/completions")

    class Moved(DialectServer):
        def _listed(self, path: str) -> bytes:
            return whole({"data": [{"id": MODEL}]}) if path == "/real/v1/models" else super()._listed(path)

    async def main() -> None:
        async with serving(Moved(healthy(), manner)) as target:
            found = await openai("", {"base_url": f"http://{target.host}:{target.port}"})
            assert found.address.endswith("/real/v1")
            assert said(found, Topic.REDIRECT)[0][0] is Level.ADAPTED

    asyncio.run(main())


def test_a_redirect_never_takes_a_key_to_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDERY_OPENAI_KEY", "sesame")
    with pytest.raises(EngineFailed, match="would get the key") as caught:
        meet(healthy(), Manner(redirect="http://evil.example/v1/models"))
    assert "sesame" not in str(caught.value)


def test_a_wrong_key_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineFailed, match=r"401.*set the key"):
        meet(healthy(), Manner(key="sesame"))
    monkeypatch.setenv("BINDERY_OPENAI_KEY", "sesame")
    found, request, _ = meet(healthy(), Manner(key="sesame"))
    assert request.outcome is OK
    assert "sesame" not in repr(found) + repr(request)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        (
            "application/json",
            json.dumps({"choices": [{"message": {"content": "all"}}], "usage": {}}),
            Code.NOT_STREAMED,
        ),
        ("text/html", "<!doctype html><title>Sign in</title>", Code.NOT_STREAMED),
        ("application/json", json.dumps({"error": {"message": "no such model"}}), Code.ERROR_IN_STREAM),
    ],
)
def test_what_is_no_stream_says_so(kind: str, body: str, code: Code) -> None:
    with pytest.raises(Unavailable, match=str(code)):
        meet([body], Manner(whole=True, type=kind))


def test_a_busy_server_is_asked_again_and_the_refusal_is_said() -> None:
    manner = Manner(every_second="503 Service Unavailable", headers="Retry-After: 0.2\r\n")

    class SecondFirst(DialectServer):
        _count = 1

    async def main() -> Preflight:
        server = SecondFirst(healthy(), manner)
        server._count = 1
        async with serving(server) as target:
            return await openai("", {"base_url": f"http://{target.host}:{target.port}"})

    found = asyncio.run(main())
    assert "503" in said(found, Topic.STATUS)[0][1]


def test_a_refusal_says_how_long_it_asked_to_wait() -> None:
    manner = Manner(every_second="429 Too Many Requests", headers="Retry-After: 3\r\n")
    _, request, _ = meet(healthy(), manner)
    assert (request.outcome.code, request.effective["retry_after_s"]) == (Code.HTTP_STATUS, 3.0)


def test_extra_fields_go_with_every_request() -> None:
    manner = Manner()
    _, _, effective = meet(healthy(), manner, extra_body='{"top_k": 20}')
    assert manner.asked[-1]["top_k"] == 20
    assert effective["extra_body"] == '{"top_k": 20}'


def test_the_servers_own_metrics_are_found() -> None:
    metrics = 'vllm:num_requests_running{model_name="m"} 2.0\nvllm:prompt_tokens_total{model_name="m"} 7\nother 3\n'
    found, _, _ = meet(healthy(), Manner(metrics=metrics))
    assert "2 quantities" in said(found, Topic.METRICS)[0][1]


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_named_and_not_used(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "http://user:pw@127.0.0.1:1")
    found, request, _ = meet(healthy())
    assert request.outcome is OK
    level, text = said(found, Topic.PROXY)[0]
    assert level is Level.WARNING
    assert "pw" not in text


def test_credentials_in_an_address_are_refused_and_never_repeated() -> None:
    with pytest.raises(EngineFailed, match="credentials") as caught:
        asyncio.run(openai("", {"base_url": "http://me:hunter2@127.0.0.1:1/v1"}))
    assert "hunter2" not in str(caught.value)


def test_findings_become_facts_of_a_run() -> None:
    found, _, _ = meet(healthy(16))
    facts = found.facts()
    assert facts["preflight.buffering"] == "found: chunks come one by one"
    assert replace(found, findings=()).facts() == {}
    assert ITL_S < 1
