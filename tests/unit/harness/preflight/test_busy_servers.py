"""Servers that refuse for now are asked again, and what they ask for is recorded."""

from __future__ import annotations

import asyncio

from harness.outcomes import Code
from harness.preflight import Preflight, Topic
from harness.preflight.openai import openai
from tests.support.dialect_server import DialectServer, Manner, healthy
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
