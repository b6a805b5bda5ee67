"""Where a server is: base paths, redirects and proxies, and keys that never go elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from harness.errors import Unavailable
from harness.outcomes import OK
from harness.preflight import Level, Topic
from harness.preflight.openai import openai
from harness.protocols import EngineFailed
from tests.support.dialect_server import MODEL, DialectServer, Manner, healthy, whole
from tests.support.met_server import meet, said
from tests.support.stream_server import serving


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


def test_a_redirect_of_requests_alone_moves_the_base_too() -> None:
    class Moved(DialectServer):
        async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
            if path == "/v1/chat/completions":
                writer.write(whole("", "307 Moved", headers="Location: /real/v1/chat/completions\r\n"))
            else:
                await super()._answer(writer, path, asked)

    async def main() -> None:
        manner = Manner(post_path="/real/v1/chat/completions")
        async with serving(Moved(healthy(), manner)) as target:
            found = await openai("", {"base_url": f"http://{target.host}:{target.port}", "endpoint": "chat"})
            assert found.address.endswith("/real/v1")
            assert said(found, Topic.REDIRECT)[0][0] is Level.ADAPTED

    asyncio.run(main())


def test_a_redirect_that_leads_nowhere_is_said() -> None:
    class Circles(DialectServer):
        async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
            writer.write(whole("", "308 Moved", headers=f"Location: {path}/\r\n"))

    async def main() -> None:
        async with serving(Circles(healthy())) as target:
            with pytest.raises(Unavailable, match="redirect: 308 to"):
                await openai("", {"base_url": f"http://{target.host}:{target.port}"})

    asyncio.run(main())
