"""A call through somebody else's client library: what is the same whichever it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, Mapping
from typing import Any, ClassVar

from .answer import Answer, Progress, judge_head
from .deadline import Deadline

HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}


class Call:
    """One call while it is made: what is sent where, what has come of it, and what is waited for until when."""

    def __init__(self, order: Mapping[str, Any], body: bytes, progress: Progress, *, parse_each: bool) -> None:
        self.url = f"http://{order['host']}:{order['port']}{order['path']}"
        self.body = body
        self.answer = Answer()
        self.deadline = Deadline(self.answer, order["deadlines"])
        self._progress = progress
        self._parse_each = parse_each

    async def read(self, status: int, headers: Mapping[str, str], chunks: AsyncIterable[bytes]) -> None:
        """Reads a response whose head has come; each chunk is stamped as the library hands it over."""
        self.answer.status = status
        if not judge_head(self.answer, status, headers):
            return
        async for chunk in chunks:
            if not self.answer.take(chunk, parse=self._parse_each):
                return
            self.deadline.took()
            self._progress(self.answer)


class LibraryClient(ABC):
    """With ``parse_each``, records are parsed as they arrive.

    A library raises ``refused`` where nobody listens, ``broken`` for a response that is not whole (the words of
    ``ended_early`` say that the connection ended), and ``failures`` for whatever else a server does.
    """

    refused: ClassVar[type[Exception]]
    broken: ClassVar[tuple[type[Exception], ...]]
    ended_early: ClassVar[tuple[str, ...]]
    failures: ClassVar[type[Exception]]

    def __init__(self, name: str, *, parse_each: bool) -> None:
        self.name = name
        self._parse_each = parse_each

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer:
        call = Call(order, body, progress, parse_each=self._parse_each)
        answer = call.answer
        try:
            async with call.deadline.timer:
                await self._exchange(call)
        except TimeoutError:
            answer.code = call.deadline.late
        except self.refused as error:
            answer.code, answer.detail = "connect_refused", str(error)
        except self.broken as error:
            early = any(words in str(error).lower() for words in self.ended_early)
            answer.code, answer.detail = "closed_early" if early else "bad_frame", str(error)
        except self.failures as error:
            answer.code, answer.detail = "closed_early", f"{type(error).__name__}: {error}"
        return answer

    @abstractmethod
    async def _exchange(self, call: Call) -> None:
        """Posts the body, stamps what the library tells, and has the call ``read`` the response."""
