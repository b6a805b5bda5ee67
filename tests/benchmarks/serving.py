"""Times one edit under ``serve``: from the saved file to the page that holds it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep

import psutil

from tests.benchmarks.measured import Took

DEADLINE = 300.0


def edit_under_serve(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], page: str, edit: Callable[[], str]
) -> Took:
    """Serves, waits for ``page``, calls ``edit``, which returns the new text, and waits until the page shows it."""
    address = f"127.0.0.1:{_free_port()}"
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(
            [*command, address], cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            url = f"http://{address}/{page}"
            _until(url, "<html")
            sleep(2)
            used = psutil.Process(process.pid).cpu_times()
            began = monotonic()
            _until(url, edit())
            wall, now = monotonic() - began, psutil.Process(process.pid).cpu_times()
            peak = psutil.Process(process.pid).memory_info().rss / 1e6
            return Took(wall, now.user + now.system - used.user - used.system, peak)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _until(url: str, text: str) -> None:
    began = monotonic()
    while monotonic() - began < DEADLINE:
        try:
            with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
                if text in answer.read().decode():
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        sleep(0.05)
    raise SystemExit(f"{url} never showed {text!r}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
