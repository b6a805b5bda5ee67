"""httpx as an agent's client, used as its documentation has it.

A stamp is taken when httpx hands bytes over, one HTTP chunk at a time: bytes that came before cannot be seen. The
times of connecting and sending come from its ``trace`` extension.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic_ns
from typing import Any

import httpcore
import httpx

from .answer import MOST_BODY, Answer, Progress
from .prompt import records

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
        call = _Call(answer, order["deadlines"], progress)
        try:
            await self._exchange(call, order, body)
        except TimeoutError:
            answer.code = call.late
        except httpx.ConnectError as error:
            answer.code, answer.detail = "connect_refused", str(error)
        except httpx.RemoteProtocolError as error:
            early = any(words in str(error) for words in _ENDED_EARLY)
            answer.code, answer.detail = "closed_early" if early else "bad_frame", str(error)
        except httpx.HTTPError as error:
            answer.code, answer.detail = "closed_early", f"{type(error).__name__}: {error}"
        return answer

    async def _exchange(self, call: _Call, order: Mapping[str, Any], body: bytes) -> None:
        url = f"http://{order['host']}:{order['port']}{order['path']}"
        answer = call.answer
        async with (
            call.timer,
            self._client.stream(
                "POST", url, content=body, headers=_HEADERS, extensions={"trace": call.trace}
            ) as response,
        ):
            answer.status = response.status_code
            _judge_head(answer, response)
            if answer.code is not None:
                return
            async for chunk in response.aiter_raw():
                self._take(answer, chunk)
                if answer.size > MOST_BODY:
                    answer.code, answer.detail = "body_too_long", f"more than {MOST_BODY} bytes"
                    return
                call.wait("gap", answer.stamps[-1])
                call.progress(answer)

    def _take(self, answer: Answer, chunk: bytes) -> None:
        answer.stamps.append(monotonic_ns())
        answer.chunks.append(chunk)
        if self._parse_each:
            for _ in records(chunk):
                pass
        answer.size += len(chunk)


class _Call:
    """A call and its next deadline: httpx has one time limit for all reads, so its own are off."""

    def __init__(self, answer: Answer, limits: Mapping[str, float], progress: Progress) -> None:
        self.answer = answer
        self.progress = progress
        self.timer = asyncio.timeout(limits["connect_s"])
        self.late = "connect_timeout"
        self._limits = limits

    async def trace(self, event: str, _info: Mapping[str, Any]) -> None:
        """What httpcore does, as it does it."""
        match event:
            case "connection.connect_tcp.complete":
                self.answer.connected_ns = monotonic_ns()
            case "http11.send_request_headers.started":
                self.answer.sent_ns = monotonic_ns()
                self.wait("first_byte", self.answer.sent_ns)
            case "http11.receive_response_headers.complete":
                self.answer.head_ns = monotonic_ns()

    def wait(self, kind: str, since_ns: int) -> None:
        """Allows what a deadline of this kind allows, and never more than the whole call may take."""
        total = (self.answer.sent_ns or since_ns) + int(self._limits["total_s"] * 1e9), "total_timeout"
        due, self.late = min((since_ns + int(self._limits[f"{kind}_s"] * 1e9), f"{kind}_timeout"), total)
        self.timer.reschedule(asyncio.get_running_loop().time() + (due - monotonic_ns()) / 1e9)


def _judge_head(answer: Answer, response: httpx.Response) -> None:
    coding = response.headers.get("content-encoding", "identity")
    if 300 <= response.status_code < 400:
        answer.code, answer.detail = "redirect", f"{response.status_code}"
    elif coding.lower() != "identity":
        answer.code, answer.detail = "bad_encoding", f"asked for identity, the server sent {coding}"
