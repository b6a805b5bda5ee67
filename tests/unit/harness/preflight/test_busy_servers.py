"""Servers that refuse for now are asked again, and what they ask for is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from harness.errors import Unavailable
from harness.outcomes import Code
from harness.preflight import Preflight, Topic
from harness.preflight.openai import openai
from tests.support.dialect_server import DialectServer, Manner, delta, healthy
from tests.support.met_server import meet, said
from tests.support.stream_server import serving


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


def refused(script: Sequence[float | str], manner: Manner, **settings: str) -> str:
    """What is said of a server that cannot be measured."""

    async def main() -> Preflight:
        async with serving(DialectServer(script, manner)) as target:
            return await openai("", {"base_url": f"http://{target.host}:{target.port}/v1", **settings})

    with pytest.raises(Unavailable) as raised:
        asyncio.run(main())
    return str(raised.value)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("429 Too Many Requests", "answers 429 when it is asked for its models; try again later"),
        ("503 Service Unavailable", "answers 503 when it is asked for its models; try again later"),
        ("407 Proxy Authentication Required", "answers 407 when it is asked for its models, and may be no model"),
        ("404 Not Found", "lists no models and may be no model server"),
    ],
)
def test_a_server_that_does_not_list_its_models_is_said_with_its_status(status: str, said: str) -> None:
    assert said in refused(healthy(), Manner(models_status=status))


def test_an_answer_that_does_not_end_is_said() -> None:
    said = refused([delta(" w")] * 60_000, Manner())
    assert "tokens came although at most 16 were asked for, and no end; let it stop at max_tokens" in said


def test_what_is_no_stream_is_said_with_what_to_do() -> None:
    said = refused(['{"choices": []}'], Manner(whole=True))
    assert said.endswith("; let the server, and a proxy before it, stream")
