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

from .answer import Answer, Progress, judge_head
from .deadline import Deadline

_DISCARD = "http://127.0.0.1:9"
_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity", "Connection": "close"}
_ENDED_EARLY = ("without sending", "closed connection", "incomplete")


class HttpxClient:
    """``read_bytes`` is the size of httpcore's reads; with ``parse_each``, records are parsed as they arrive."""

    def __init__(self, read_bytes: int, *, parse_each: bool) -> None:
        self.name = f"httpx {httpx.__version__}"
        self._parse_each = parse_each
        if read_bytes:
            httpcore.AsyncHTTP11Connection.READ_NUM_BYTES = read_bytes
        self._client = httpx.AsyncClient(timeout=None, trust_env=False, verify=False)  # noqa: S113, S501 - see `ask`

    async def warm(self) -> None:
        """Imports what httpx imports at its first call, by a call to a port where nobody listens."""
        try:
            await self._client.get(_DISCARD, timeout=0.2)
        except httpx.HTTPError:
            return

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer:
        answer = Answer()
        deadline = Deadline(answer, order["deadlines"])
        try:
            await self._exchange(answer, deadline, order, body, progress)
        except TimeoutError:
            answer.code = deadline.late
        except httpx.ConnectError as error:
            answer.code, answer.detail = "connect_refused", str(error)
        except httpx.RemoteProtocolError as error:
            early = any(words in str(error) for words in _ENDED_EARLY)
            answer.code, answer.detail = "closed_early" if early else "bad_frame", str(error)
        except httpx.HTTPError as error:
            answer.code, answer.detail = "closed_early", f"{type(error).__name__}: {error}"
        return answer

    async def _exchange(
        self, answer: Answer, deadline: Deadline, order: Mapping[str, Any], body: bytes, progress: Progress
    ) -> None:
        url = f"http://{order['host']}:{order['port']}{order['path']}"
        tracing = {"trace": _tracing(answer, deadline)}
        async with (
            deadline.timer,
            self._client.stream("POST", url, content=body, headers=_HEADERS, extensions=tracing) as response,
        ):
            answer.status = response.status_code
            if not judge_head(answer, response.status_code, response.headers):
                return
            async for chunk in response.aiter_raw():
                if not answer.take(chunk, parse=self._parse_each):
                    return
                deadline.took()
                progress(answer)


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
