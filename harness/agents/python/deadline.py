"""The deadlines of one call, for clients that have one time limit for all reads and so are used without it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from time import monotonic_ns

from .answer import Answer


class Deadline:
    """The next deadline of a call: ``timer`` surrounds it, and ``late`` is the code of what was waited for."""

    def __init__(self, answer: Answer, limits: Mapping[str, float]) -> None:
        self.timer = asyncio.timeout(limits["connect_s"])
        self.late = "connect_timeout"
        self._answer = answer
        self._limits = limits

    def wait(self, kind: str, since_ns: int) -> None:
        """Allows what a deadline of this kind allows, and never more than the whole call may take."""
        total = (self._answer.sent_ns or since_ns) + int(self._limits["total_s"] * 1e9), "total_timeout"
        due, self.late = min((since_ns + int(self._limits[f"{kind}_s"] * 1e9), f"{kind}_timeout"), total)
        self.timer.reschedule(asyncio.get_running_loop().time() + (due - monotonic_ns()) / 1e9)

    def sent(self) -> None:
        """The call is written now, and its first byte is waited for."""
        self._answer.sent_ns = monotonic_ns()
        self.wait("first_byte", self._answer.sent_ns)

    def took(self) -> None:
        """A chunk came, and the next one is waited for."""
        self.wait("gap", self._answer.stamps[-1])
