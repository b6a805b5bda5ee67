"""What a newcomer does to `harness bench`: each mistake is one clear line, and a stop loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.conftest import Typed
from tests.support.openai_double import OpenAIDouble
from tests.support.projects import ROOT

PAGE = b"<!doctype html><title>Welcome</title><p>It works!"


class _Page(BaseHTTPRequestHandler):
    """A web page at every path; ``takes_posts`` says whether a form may be sent to it."""

    takes_posts = False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name there
        """Says nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.takes_posts:
            self.do_GET()
        else:
            self.send_error(405)


@contextmanager
def web_page(*, takes_posts: bool) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Page", (_Page,), {"takes_posts": takes_posts}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BINDERY_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "harness", "bench", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def refused(typed: Typed, tmp_path: Path) -> Callable[..., str]:
    """The one line with which a command ends that records nothing."""

    def refused(*arguments: str) -> str:
        done = typed(tmp_path, "bench", *arguments)
        assert done.status in (2, 5), done
        assert done.err.count("\n") == 1, done
        assert "Traceback" not in done.err
        assert list(tmp_path.iterdir()) == []
        return done.err

    return refused


@pytest.mark.parametrize("takes_posts", [False, True])
def test_a_web_page_is_no_model_server(refused: Callable[..., str], *, takes_posts: bool) -> None:
    with web_page(takes_posts=takes_posts) as url:
        assert "lists no models" in (unnamed := refused(url))
        assert "--model" in unnamed
        assert "no stream" in refused(url, "--model", "mine")


def test_a_model_that_is_not_there_is_said_with_those_that_are(refused: Callable[..., str]) -> None:
    with OpenAIDouble(models=("a/first", "b/second")).serving() as double:
        for model in ((), ("--model", "nothing")):
            said = refused(double.url, *model)
            assert "a/first, b/second" in said
            assert "--model" in said
            assert "served_model" not in said


def test_a_stop_while_the_saturation_is_looked_for_is_one_line_and_records_nothing(tmp_path: Path) -> None:
    with OpenAIDouble(ttft_s=0.2).serving() as double:
        process = started(tmp_path, double.url, "--quick", "--sweep")
        assert process.stdout is not None
        while "Looking for the load" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    assert process.returncode == 130, said
    assert said.count("\n") == 1
    assert "Run the same command again" in said
    assert not list(tmp_path.rglob("journal"))


def test_after_a_stop_the_same_command_goes_on(tmp_path: Path) -> None:
    with OpenAIDouble(ttft_s=0.2).serving() as double:
        command = (double.url, "--quick", "--runs", "6", "--concurrency", "1", "--json")
        process = started(tmp_path, *command)
        journal = tmp_path / "bench" / ".state" / "journals" / "bench-model-8b-bench" / "journal"
        deadline = time.monotonic() + 600
        while process.poll() is None and not (journal.is_file() and journal.read_bytes().count(b"run_id") >= 2):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
        assert process.returncode == 130, said
        assert "Run the same command again to continue" in said
        assert "Traceback" not in said
        before = journal.read_bytes()
        process = started(tmp_path, *command)
        out, said = process.communicate(timeout=900)
        assert process.returncode == 0, said
        assert json.loads(out)["loads"][0]["runs"] == 6
        assert journal.read_bytes().startswith(before), "what was recorded before the stop is kept"
