"""One stream that the pacer writes: what is due when, and when it was really written."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field

from .dialects import Dialect


def compact(body: object) -> bytes:
    """JSON without spaces."""
    return json.dumps(body, separators=(",", ":")).encode()


@dataclass(slots=True, eq=False)
class Stream:
    """One answer in progress: token *i* is due at ``due_ns + i * itl_ns``, in ``writes`` when it was written."""

    id: str
    peer: socket.socket
    dialect: Dialect
    itl_ns: int
    seen_ns: int
    due_ns: int
    close: bool
    report: bool
    payloads: list[bytes]
    unsent: bytes = b""
    writes: list[int] = field(default_factory=list)

    def log(self) -> dict[str, object]:
        return {"seen": self.seen_ns, "due": self.due_ns, "writes": self.writes}

    def terminal(self) -> bytes:
        prompt_ms, predicted_ms = (self.due_ns - self.seen_ns) / 1e6, (self.writes[-1] - self.writes[0]) / 1e6
        truth = compact(self.log()) if self.report else b""
        return self.dialect.terminal(len(self.payloads), prompt_ms, predicted_ms, truth)
