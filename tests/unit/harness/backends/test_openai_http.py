"""Which of a server's models is asked, and what the server must answer first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from harness.backends.openai.address import headers
from harness.backends.openai.agreed import extra_body
from harness.backends.openai_http import OpenAIHttp
from harness.design import Value
from harness.events import Phase, Request
from harness.models import SMOLLM2_135M
from harness.outcomes import OK, Code
from harness.protocols import Call, EngineFailed
from tests.support.stream_server import Script, read_request, serving, sse

MINE = SMOLLM2_135M.name


def server(seen: list[tuple[str, dict[str, str], object]], *models: dict[str, object], status: int = 200) -> Script:
    """Lists ``models`` and answers every completion with two tokens."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, headers, body = await read_request(reader)
        path = first.decode().split(" ")[1]
        seen.append((path, dict(headers), json.loads(body) if body else None))
        if path == "/v1/models":
            answer, kind = json.dumps({"object": "list", "data": list(models)}).encode(), "application/json"
        else:
            chunks = [{"choices": [{"text": word, "delta": {"content": word}}]} for word in ("a", "b")]
            usage = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
            answer, kind = b"".join(map(sse, [*chunks, usage])) + b"data: [DONE]\n\n", "text/event-stream"
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(head.encode() + answer)

    return script


Seen = list[tuple[str, dict[str, str], object]]


def one_request(make: Callable[[Seen], Script], settings: dict[str, Value]) -> tuple[Request, Seen, OpenAIHttp]:
    seen: Seen = []

    async def main() -> tuple[Request, Seen, OpenAIHttp]:
        async with serving(make(seen)) as target:
            backend = OpenAIHttp()
            await backend.start(SMOLLM2_135M, {"base_url": f"http://{target.host}:{target.port}", **settings})
            asked = Call(0, Phase.MEASURED, "p", "Hello", 2, 1, ignore_eos=False)
            return await backend.request(asked), seen, backend

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("models", "settings", "chosen"),
    [
        ([{"id": "only"}], {}, "only"),
        ([{"id": "other"}, {"id": MINE}], {}, MINE),
        ([{"id": "other"}, {"id": MINE}], {"served_model": "other"}, "other"),
    ],
)
def test_the_model_is_the_one_named_or_its_own_name_or_the_only_one(
    models: list[dict[str, object]], settings: dict[str, Value], chosen: str
) -> None:
    request, seen, _ = one_request(lambda log: server(log, *models), settings)
    assert (request.outcome, request.text) == (OK, "ab")
    asked = seen[-1][2]
    assert isinstance(asked, dict)
    assert asked["model"] == chosen
    assert "ignore_eos" not in asked


@pytest.mark.parametrize(
    ("models", "settings"), [([], {}), ([{"id": "a"}, {"id": "b"}], {}), ([{"id": "only"}], {"served_model": "x"})]
)
def test_a_model_that_is_not_served_is_missing(models: list[dict[str, object]], settings: dict[str, Value]) -> None:
    with pytest.raises(EngineFailed, match="set served_model") as caught:
        one_request(lambda log: server(log, *models), settings)
    assert caught.value.outcome.code is Code.MODEL_MISSING


def test_chat_is_another_path_with_messages() -> None:
    request, seen, _ = one_request(lambda log: server(log, {"id": "only"}), {"endpoint": "chat"})
    assert request.outcome is OK
    path, _, asked = seen[-1]
    assert path == "/v1/chat/completions"
    assert isinstance(asked, dict)
    assert asked["messages"][0]["content"] == "Hello"


def test_a_key_is_sent_with_every_call_and_never_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDERY_OPENAI_KEY", "sesame")
    request, seen, _ = one_request(lambda log: server(log, {"id": "only"}), {})
    assert [headers["authorization"] for _, headers, _ in seen] == ["Bearer sesame"] * 2
    assert "sesame" not in str(request)


def test_a_key_that_no_header_can_carry_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDERY_OPENAI_KEY", "two\nlines")
    monkeypatch.setenv("BINDERY_OPENAI_URL", "http://127.0.0.1:1")
    with pytest.raises(EngineFailed, match="BINDERY_OPENAI_KEY") as caught:
        asyncio.run(OpenAIHttp().start(SMOLLM2_135M, {}))
    assert caught.value.outcome.code is Code.SETTING_REJECTED
    assert not OpenAIHttp.capability().available


def test_a_server_that_refuses_its_list_is_refused() -> None:
    with pytest.raises(EngineFailed, match="401") as caught:
        one_request(lambda log: server(log, {"id": "only"}, status=401), {})
    assert caught.value.outcome.code is Code.ENGINE_REFUSED


def test_no_address_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BINDERY_OPENAI_URL", raising=False)
    with pytest.raises(EngineFailed, match="BINDERY_OPENAI_URL"):
        asyncio.run(OpenAIHttp().start(SMOLLM2_135M, {}))
    capability = OpenAIHttp.capability()
    assert not capability.available
    assert "BINDERY_OPENAI_URL" in capability.reason


def test_capability_sees_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with serving(server([], {"id": "only"})) as target:
            monkeypatch.setenv("BINDERY_OPENAI_URL", f"http://{target.host}:{target.port}/v1")
            assert (await asyncio.to_thread(OpenAIHttp.capability)).available

    asyncio.run(main())


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "3", '{"a": NaN}', '{"a": "\\ud800"}', '{"stream": false}', '{"model": "x"}', '{"n": 2}',
     '{"max_tokens": 1}', '{"max_completion_tokens": 1}', '{"messages": []}', '{"prompt": "x"}'],
)  # fmt: skip
def test_what_an_operator_may_not_add_is_refused(text: str) -> None:
    with pytest.raises(EngineFailed, match="extra_body"):
        extra_body(text)


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Connection"])
def test_a_header_that_the_client_writes_itself_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BINDERY_OPENAI_HEADERS", json.dumps({name: "x"}))
    with pytest.raises(EngineFailed, match="itself"):
        headers()
