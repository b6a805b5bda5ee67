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

    def say(self, event: str, at: int | None = None, **said: object) -> None:
        """One event; ``at`` is now unless given."""
        at = monotonic_ns() if at is None else at
        self._held.append(line({"event": event, "task": self._task, "at": at, **said}))
        if self._live:
            self.flush()

    def answered(self, answer: Answer) -> None:
        """The events of a call that has ended."""
        if answer.connected_ns is not None:
            self.say("connected", answer.connected_ns)
        if answer.sent_ns is not None:
            self.say("sent", answer.sent_ns)
        for stamp, chunk in zip(answer.stamps, answer.chunks, strict=True):
            self.say("chunk", stamp, data=b64encode(chunk).decode())
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
