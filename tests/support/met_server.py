"""An odd server, met by a preflight and then by a measured request: what is agreed, and what is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from harness.backends.openai_http import OpenAIHttp
from harness.design import Value
from harness.events import Phase, Request
from harness.models import SMOLLM2_135M
from harness.preflight import Level, Preflight, Topic
from harness.preflight.openai import openai
from harness.protocols import Call
from tests.support.dialect_server import DialectServer, Manner, Script
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
