"""A small OpenAI-compatible server over real HTTP: it streams at a pace of its own, and can repeat what it was sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class OpenAIDouble:
    """What it serves. ``echo`` repeats the headers of a request in its answer, as a careless server might; ``key`` is
    the one that it wants, ``slots`` how many requests it answers at once. ``bodies`` and ``headers`` are what it was
    sent."""

    models: tuple[str, ...] = ("mock/model-8B",)
    ttft_s: float = 0.01
    itl_s: float = 0.002
    key: str = ""
    echo: bool = False
    slots: int = 64
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.free = threading.Semaphore(self.slots)

    @contextmanager
    def serving(self) -> Iterator[OpenAIDouble]:
        """The server at ``url``, which ends in ``/v1``."""
        server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"double": self}))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: OpenAIDouble

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 its name there
        """Says nothing."""

    def do_GET(self) -> None:
        listed = [{"id": name, "object": "model", "owned_by": "double"} for name in self.double.models]
        self._json(200 if self._may_enter() else 401, {"object": "list", "data": listed})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.double.bodies.append(body)
        self.double.headers.append(dict(self.headers))
        if not self._may_enter():
            self._json(401, {"error": {"message": f"wrong key {self.headers.get('Authorization')}"}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        with self.double.free:
            self._stream(body)
        self.close_connection = True

    def _stream(self, body: dict[str, Any]) -> None:
        for event in self._events(body):
            self.wfile.write(event)
            self.wfile.flush()

    def _events(self, body: dict[str, Any]) -> Iterator[bytes]:
        chat, count = "messages" in body, int(body.get("max_tokens", 1))
        said = json.dumps(dict(self.headers)) if self.double.echo else " word"
        time.sleep(self.double.ttft_s)
        for number in range(count):
            if number:
                time.sleep(self.double.itl_s)
            piece = {"delta": {"content": said}} if chat else {"text": said}
            yield _event({"choices": [{"index": 0, "finish_reason": None, **piece}]})
        ended = {"delta": {}} if chat else {"text": ""}
        yield _event({"choices": [{"index": 0, "finish_reason": "length", **ended}]})
        asked = body["messages"][0]["content"] if chat else body["prompt"]
        usage = {"prompt_tokens": 2 * len(asked.split()), "completion_tokens": count}
        yield _event({"choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"

    def _may_enter(self) -> bool:
        return not self.double.key or self.headers.get("Authorization") == f"Bearer {self.double.key}"

    def _json(self, status: int, record: dict[str, Any]) -> None:
        body = json.dumps(record).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _event(record: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(record)}\n\n".encode()
