"""httpx as an agent's client, used as its documentation has it.

A stamp is taken when httpx hands bytes over, one HTTP chunk at a time: bytes that came before cannot be seen. The
times of connecting and sending come from its ``trace`` extension.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import monotonic_ns
from typing import Any

import httpcore
import httpx

from .answer import Answer
from .deadline import Deadline
from .library_client import HEADERS, Call, LibraryClient

_DISCARD = "http://127.0.0.1:9"


class HttpxClient(LibraryClient):
    """``read_bytes`` is the size of httpcore's reads."""

    refused = httpx.ConnectError
    broken = (httpx.RemoteProtocolError,)
    ended_early = ("without sending", "closed connection", "incomplete")
    failures = httpx.HTTPError

    def __init__(self, read_bytes: int, *, parse_each: bool) -> None:
        super().__init__(f"httpx {httpx.__version__}", parse_each=parse_each)
        if read_bytes:
            httpcore.AsyncHTTP11Connection.READ_NUM_BYTES = read_bytes
        self._client = httpx.AsyncClient(timeout=None, trust_env=False, verify=False)  # noqa: S113, S501 - see `ask`

    async def warm(self) -> None:
        """Imports what httpx imports at its first call, by a call to a port where nobody listens."""
        try:
            await self._client.get(_DISCARD, timeout=0.2)
        except httpx.HTTPError:
            return

    async def _exchange(self, call: Call) -> None:
        asked = self._client.stream(
            "POST",
            call.url,
            content=call.body,
            headers={**HEADERS, "Connection": "close"},
            extensions={"trace": _tracing(call.answer, call.deadline)},
        )
        async with asked as response:
            await call.read(response.status_code, response.headers, response.aiter_raw())


def _tracing(answer: Answer, deadline: Deadline) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """Writes down what httpcore does, as it does it."""

    async def trace(event: str, _info: Mapping[str, Any]) -> None:
        match event:
            case "connection.connect_tcp.complete":
                answer.connected_ns = monotonic_ns()
            case "http11.send_request_headers.started":
                deadline.sent()
            case "http11.receive_response_headers.complete":
                answer.head_ns = monotonic_ns()

    return trace
