"""Servers of other projects as processes, from the environment that ``make peers`` makes."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

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


@contextmanager
def serving(
    command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str] | None = None, key: str = ""
) -> Iterator[str]:
    """The base URL of a server that ``command`` starts on ``port``, once it lists its models for ``key``.

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
            _await(process, port, log, key)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, log: Path, key: str) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/v1/models", headers={"Authorization": f"Bearer {key}"} if key else {})
                if connection.getresponse().status == 200:
                    return
            finally:
                connection.close()
        time.sleep(0.1)
    raise AssertionError(f"{process.args} lists no models: {log.read_text(errors='replace')[-2000:]}")
