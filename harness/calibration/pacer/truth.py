"""The pacer as its user sees it: a process to start and stop, addresses to ask, a log to fetch."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self
from urllib.parse import urlencode

from ...errors import Unavailable
from ..written import Written


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
    """A running pacer process: a context manager. ``cpu`` pins it to one processor.

    Raises ``Unavailable`` where it does not start.
    """

    def __init__(self, cpu: int | None = None) -> None:
        self.cpu = cpu
        self._process: subprocess.Popen[bytes] | None = None
        self.host, self.port = "", 0

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "harness.calibration.pacer.pacer"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._process = process
        stdin, stdout = _pipes(process)
        stdin.write(json.dumps({"cpu": self.cpu}).encode() + b"\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise Unavailable("the pacer did not start; run `python -m harness.calibration.pacer.pacer` to see why")
        address = json.loads(line)
        self.host, self.port = str(address["host"]), int(address["port"])
        return self

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def take_log(self) -> dict[str, Written]:
        """The ended streams by request id; the pacer forgets them."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request("GET", "/log")
            log = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return {key: Written(entry["seen"], entry["due"], tuple(entry["writes"])) for key, entry in log.items()}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        stdin, stdout = _pipes(process)
        stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        stdout.close()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise Unavailable("the pacer has no pipes; this is a fault of the program that started it")
    return process.stdin, process.stdout
