"""Events of a task as lines of JSON on standard output; held back until ``flush`` unless the task is live."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from time import monotonic_ns

from .answer import Answer

_STDOUT = 1


class Events:
    """The events of one task."""

    def __init__(self, task: int, *, live: bool) -> None:
        self._task = task
        self._live = live
        self._held: list[bytes] = []
        self._told: set[str] = set()
        self._chunks = 0

    def say(self, event: str, at: int | None = None, **said: object) -> None:
        """One event; ``at`` is now unless given."""
        at = monotonic_ns() if at is None else at
        self._held.append(line({"event": event, "task": self._task, "at": at, **said}))
        if self._live:
            self.flush()

    def progress(self, answer: Answer) -> None:
        """Tells of a live task what is new of a call; of another nothing, which is what measuring needs."""
        if self._live:
            self._tell(answer)

    def _tell(self, answer: Answer) -> None:
        """The events of a call that were not told yet."""
        for event, at in (("connected", answer.connected_ns), ("sent", answer.sent_ns)):
            if at is not None and event not in self._told:
                self._told.add(event)
                self.say(event, at)
        for stamp, chunk in zip(answer.stamps[self._chunks :], answer.chunks[self._chunks :], strict=True):
            self.say("chunk", stamp, data=b64encode(chunk).decode())
        self._chunks = len(answer.stamps)

    def answered(self, answer: Answer) -> None:
        """The events of a call that has ended."""
        self._tell(answer)
        self._told.clear()
        self._chunks = 0
        self.say(
            "call_ended",
            status=answer.status,
            code=answer.code,
            detail=answer.detail[:500],
            head_ns=answer.head_ns,
            largest_read=answer.largest_read,
        )
        self.flush()

    def flush(self) -> None:
        write(b"".join(self._held))
        self._held.clear()


def line(said: dict[str, object]) -> bytes:
    """An event as it goes out."""
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def write(data: bytes) -> None:
    """Writes all of ``data``, waiting for a reader that is slow."""
    while data:
        data = data[os.write(_STDOUT, data) :]
