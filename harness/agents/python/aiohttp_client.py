"""aiohttp as an agent's client, used as its documentation has it.

A stamp is taken when aiohttp hands bytes over: all that it holds at that moment, which may be several HTTP chunks. The
times of connecting and sending come from its tracing.
"""

from __future__ import annotations

from time import monotonic_ns
from types import SimpleNamespace

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from .library_client import HEADERS, Call, LibraryClient


class AiohttpClient(LibraryClient):
    """Made in a running loop."""

    refused = aiohttp.ClientConnectorError
    broken = (aiohttp.ClientPayloadError, aiohttp.ClientResponseError, HttpProcessingError)
    ended_early = ("not enough data", "connection closed", "server disconnected")
    failures = aiohttp.ClientError

    def __init__(self, *, parse_each: bool) -> None:
        super().__init__(f"aiohttp {aiohttp.__version__}", parse_each=parse_each)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            timeout=aiohttp.ClientTimeout(),
            auto_decompress=False,
            trace_configs=[_traced()],
        )

    async def _exchange(self, call: Call) -> None:
        asked = self._session.post(
            call.url, data=call.body, headers=HEADERS, allow_redirects=False, trace_request_ctx=call
        )
        async with asked as response:
            call.answer.head_ns = monotonic_ns()
            await call.read(response.status, response.headers, response.content.iter_any())


def _traced() -> aiohttp.TraceConfig:
    """Writes down when a call was connected and when it was written."""
    config = aiohttp.TraceConfig()

    async def connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.trace_request_ctx.answer.connected_ns = monotonic_ns()

    async def sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.trace_request_ctx.deadline.sent()

    config.on_connection_create_end.append(connected)
    config.on_request_headers_sent.append(sent)
    return config
