"""One response as an agent's client saw it, and what every client implements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Any, Protocol

from .prompt import records

MOST_BODY = 16 * 1024 * 1024
"""Bytes of the longest body that is read."""


@dataclass(slots=True)
class Answer:
    """A response: absolute monotonic nanoseconds, ``None`` for what did not happen or is not known.

    ``chunks[i]`` are the bytes of the body that came at ``stamps[i]``; ``code`` says what went wrong on the way.
    """

    connected_ns: int | None = None
    sent_ns: int | None = None
    head_ns: int | None = None
    status: int | None = None
    code: str | None = None
    detail: str = ""
    largest_read: int | None = None
    stamps: list[int] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    size: int = 0

    def take(self, chunk: bytes, *, parse: bool) -> bool:
        """Stamps a chunk, and parses its records where that is asked for; false where the body has grown too long."""
        self.stamps.append(monotonic_ns())
        self.chunks.append(chunk)
        if parse:
            for _ in records(chunk):
                pass
        self.size += len(chunk)
        if self.size > MOST_BODY:
            self.code, self.detail = "body_too_long", f"more than {MOST_BODY} bytes"
        return self.code is None


Progress = Callable[[Answer], None]


class Client(Protocol):
    """Sends ``body`` to the server of an order and collects the answer. Never raises for what a server does.

    It calls ``progress`` when something has come, where it can tell.
    """

    name: str

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer: ...


def judge_head(answer: Answer, status: int, headers: Mapping[str, str]) -> bool:
    """Whether a body can be read: false, with a code, for a response that leads elsewhere or is encoded."""
    coding = headers.get("content-encoding", "identity")
    if 300 <= status < 400:
        answer.code, answer.detail = "redirect", f"{status}"
    elif coding.lower() != "identity":
        answer.code, answer.detail = "bad_encoding", f"asked for identity, the server sent {coding}"
    return answer.code is None
