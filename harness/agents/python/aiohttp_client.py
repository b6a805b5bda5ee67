"""aiohttp as an agent's client, used as its documentation has it.

A stamp is taken when aiohttp hands bytes over: all that it holds at that moment, which may be several HTTP chunks. The
times of connecting and sending come from its tracing.
"""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic_ns
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from .answer import Answer, Progress, judge_head
from .deadline import Deadline

_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
_ENDED_EARLY = ("not enough data", "connection closed", "server disconnected")


class AiohttpClient:
    """With ``parse_each``, records are parsed as they arrive. Made in a running loop."""

    def __init__(self, *, parse_each: bool) -> None:
        self.name = f"aiohttp {aiohttp.__version__}"
        self._parse_each = parse_each
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            timeout=aiohttp.ClientTimeout(),
            auto_decompress=False,
            trace_configs=[_traced()],
        )

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer:
        answer = Answer()
        deadline = Deadline(answer, order["deadlines"])
        try:
            await self._exchange(answer, deadline, order, body, progress)
        except TimeoutError:
            answer.code = deadline.late
        except aiohttp.ClientConnectorError as error:
            answer.code, answer.detail = "connect_refused", str(error)
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError, HttpProcessingError) as error:
            early = any(words in str(error).lower() for words in _ENDED_EARLY)
            answer.code, answer.detail = "closed_early" if early else "bad_frame", str(error)
        except aiohttp.ClientError as error:
            answer.code, answer.detail = "closed_early", f"{type(error).__name__}: {error}"
        return answer

    async def _exchange(
        self, answer: Answer, deadline: Deadline, order: Mapping[str, Any], body: bytes, progress: Progress
    ) -> None:
        url = f"http://{order['host']}:{order['port']}{order['path']}"
        async with (
            deadline.timer,
            self._session.post(
                url, data=body, headers=_HEADERS, allow_redirects=False, trace_request_ctx=(answer, deadline)
            ) as response,
        ):
            answer.head_ns, answer.status = monotonic_ns(), response.status
            if not judge_head(answer, response.status, response.headers):
                return
            async for chunk in response.content.iter_any():
                if not answer.take(chunk, parse=self._parse_each):
                    return
                deadline.took()
                progress(answer)


def _traced() -> aiohttp.TraceConfig:
    """Writes down when a call was connected and when it was written."""
    config = aiohttp.TraceConfig()

    async def connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.trace_request_ctx[0].connected_ns = monotonic_ns()

    async def sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
        context.trace_request_ctx[1].sent()

    config.on_connection_create_end.append(connected)
    config.on_request_headers_sent.append(sent)
    return config
