"""One response as an agent's client saw it, and what every client implements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

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


Progress = Callable[[Answer], None]


class Client(Protocol):
    """Sends ``body`` to the server of an order and collects the answer. Never raises for what a server does.

    It calls ``progress`` when something has come, where it can tell.
    """

    name: str

    async def ask(self, order: Mapping[str, Any], body: bytes, progress: Progress) -> Answer: ...
