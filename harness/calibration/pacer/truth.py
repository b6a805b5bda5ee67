"""The pacer as its user sees it: a process to start and stop, addresses to ask, a log to fetch."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from ...errors import ChildFailed
from ...processes.child import Child, python
from ..written import Written
from .pacer import Listen, Listens

READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What one request asks of the pacer."""

    id: str
    ttft_ms: float
    itl_ms: float
    tokens: int

    def query(self) -> str:
        return urlencode({"id": self.id, "ttft_ms": self.ttft_ms, "itl_ms": self.itl_ms, "tokens": self.tokens})


class GroundTruth:
    """A running pacer process: a context manager. ``cpu`` pins it to one processor; ``unasked`` is the pace of requests
    whose query has none.

    Raises ``Unavailable`` where it does not start.
    """

    def __init__(self, cpu: int | None = None, unasked: Pace | None = None) -> None:
        self.cpu = cpu
        self._unasked = unasked or Pace("", 0.0, 0.0, 1)
        self._child: Child | None = None
        self.host, self.port = "", 0

    def __enter__(self) -> Self:
        self._child = Child("the pacer", python("harness.calibration.pacer.pacer"))
        pace = self._unasked
        self._child.send(Listen(cpu=self.cpu, ttft_ms=pace.ttft_ms, itl_ms=pace.itl_ms, tokens=pace.tokens))
        try:
            listens = self._child.expect(Listens, READY_S)
        except ChildFailed:
            self._child.stop()
            raise
        self.host, self.port = listens.host, listens.port
        return self

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    def take_log(self) -> dict[str, Written]:
        """The ended streams by request id; the pacer forgets them."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request("GET", "/log")
            log = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return {key: Written(entry["seen"], entry["due"], tuple(entry["writes"])) for key, entry in log.items()}

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
