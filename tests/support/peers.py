"""Servers of other projects as processes, from the environment that ``make peers`` makes, and a plain client of them."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".cache" / "peers"
PYTHON = FOLDER / "bin" / "python"
READY_S = 180.0
"""A server that is not ready by then hangs; on a busy machine some import for a minute."""


def absent() -> str:
    """Why there is no environment of peers; empty where there is one."""
    made_from, lock = FOLDER / "made-from.txt", ROOT / "locks" / "peers.txt"
    if not made_from.is_file():
        return "the servers of other projects are not installed: run `make peers`"
    return "" if made_from.read_bytes() == lock.read_bytes() else "locks/peers.txt has changed: run `make peers`"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The base URL of a server that ``command`` starts on ``port``, once it lists its models.

    Raises ``AssertionError`` with the end of its log where it does not.
    """
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(process, port, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/v1/models")
                if connection.getresponse().status == 200:
                    return
            finally:
                connection.close()
        time.sleep(0.1)
    raise AssertionError(f"{process.args} lists no models: {log.read_text(errors='replace')[-2000:]}")


@dataclass(frozen=True, slots=True)
class Seen:
    """One stream: ms from the send to the first piece of content, and between pieces of it; the pieces."""

    ttft_ms: float
    tpot_ms: float
    pieces: int


def witness(url: str, path: str, body: Mapping[str, object]) -> Seen:
    """What a bare blocking socket sees of one streamed request: no HTTP library, no event loop, none of our client."""
    host, _, rest = url.removeprefix("http://").partition(":")
    port, _, base = rest.partition("/")
    message = json.dumps(body).encode()
    head = f"POST /{base}{path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(message)}\r\nConnection: close\r\n\r\n".encode() + message
    received: list[tuple[int, bytes]] = []
    with socket.create_connection((host, int(port)), timeout=120) as peer:
        sent = monotonic_ns()
        peer.sendall(request)
        while data := peer.recv(65536):
            received.append((monotonic_ns(), data))
    stamps = [at for at, line in _lines(received) if _has_content(line)]
    return Seen((stamps[0] - sent) / 1e6, (stamps[-1] - stamps[0]) / 1e6 / (len(stamps) - 1), len(stamps))


def _lines(received: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Each line with the time when its end came."""
    left = b""
    for at, data in received:
        *whole, left = (left + data).split(b"\n")
        yield from ((at, line) for line in whole)


def _has_content(line: bytes) -> bool:
    if not line.startswith(b"data: {"):
        return False
    choices = json.loads(line[6:]).get("choices") or [{}]
    return bool(choices[0].get("text") or (choices[0].get("delta") or {}).get("content"))
