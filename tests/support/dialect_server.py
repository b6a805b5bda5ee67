"""A server that answers as one odd server does, from a script: what gateways, proxies and engines put on the wire.

A script is a list: a number is a pause in seconds, a text is written as one HTTP chunk. ``Manner`` is the rest.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.stream_server import http_chunk, read_request

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "dialects"
ITL_S = 0.01
MODEL = "acme/quirk-7b"
Script = Sequence[float | str]


@dataclass
class Manner:
    """How a server answers besides its stream; ``asked`` collects the bodies of what it was sent."""

    models_path: str = "/v1/models"
    models_status: str = ""
    post_path: str = ""
    status: str = "200 OK"
    refuse_fields: Sequence[str] = ()
    every_second: str = ""
    refusal: str = ""
    headers: str = ""
    whole: bool = False
    type: str = "application/json"
    key: str = ""
    redirect: str = ""
    metrics: str = ""
    asked: list[Mapping[str, Any]] = field(default_factory=list)


def case(name: str) -> tuple[Script, Manner]:
    """A recorded case by its folder."""
    folder = FIXTURES / name
    http = folder / "http.json"
    return json.loads((folder / "script.json").read_text()), Manner(
        **(json.loads(http.read_text()) if http.exists() else {})
    )


class DialectServer:
    """Serves one script to every request."""

    def __init__(self, script: Script, manner: Manner | None = None) -> None:
        self.script = script
        self.manner = manner or Manner()
        self._count = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, headers, body = await read_request(reader)
        method, path = first.decode().split(" ")[:2]
        manner = self.manner
        if manner.key and headers.get("authorization") != f"Bearer {manner.key}":
            writer.write(whole({"error": "bad key"}, "401 Unauthorized"))
        elif manner.redirect and method == "GET" and path == manner.models_path:
            head = (
                f"HTTP/1.1 307 Moved\r\nLocation: {manner.redirect}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            writer.write(head.encode())
        elif method == "GET":
            writer.write(self._listed(path))
        else:
            await self._answer(writer, path, json.loads(body))
        await writer.drain()

    def _listed(self, path: str) -> bytes:
        if self.manner.models_status:
            return whole({"error": "not now"}, self.manner.models_status)
        if path == "/metrics" and self.manner.metrics:
            return whole(self.manner.metrics, kind="text/plain")
        if path != self.manner.models_path:
            return whole({"detail": "Not Found"}, "404 Not Found")
        return whole({"data": [{"id": MODEL, "owned_by": "acme"}]})

    async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
        manner = self.manner
        if manner.post_path and path != manner.post_path:
            writer.write(whole({"detail": "Not Found"}, "404 Not Found"))
            return
        refused = [name for name in manner.refuse_fields if name in asked]
        if refused:
            said = manner.refusal or json.dumps(
                {"error": {"message": f"unsupported {refused[0]!r}", "param": refused[0]}}
            )
            writer.write(whole(said, "400 Bad Request"))
            return
        manner.asked.append(asked)
        self._count += 1
        if manner.every_second and self._count % 2 == 0:
            writer.write(whole({"error": "overloaded"}, manner.every_second, headers=manner.headers))
            return
        if manner.whole:
            writer.write(whole("".join(piece for piece in self.script if isinstance(piece, str)), kind=manner.type))
            return
        head = f"HTTP/1.1 {manner.status}\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head.encode())
        for piece in self.script:
            if isinstance(piece, str):
                writer.write(http_chunk(piece.encode("utf-8", "surrogatepass")))
            else:
                await writer.drain()
                await asyncio.sleep(piece)
        writer.write(b"0\r\n\r\n")


def whole(record: object, status: str = "200 OK", kind: str = "application/json", headers: str = "") -> bytes:
    """A response in one piece."""
    body = (record if isinstance(record, str) else json.dumps(record)).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}Connection: close\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def event(record: object, end: str = "\n\n") -> str:
    return f"data: {record if isinstance(record, str) else json.dumps(record)}{end}"


def delta(content: object, name: str = "content", **more: object) -> str:
    """A chunk whose delta has one field."""
    return event({"choices": [{"index": 0, "delta": {name: content}}], **more})


def paced(chunks: Iterable[str], itl_s: float = ITL_S) -> list[float | str]:
    """``chunks``, each with a pause before it."""
    return [piece for chunk in chunks for piece in (itl_s, chunk)]


def closing(tokens: int | None, reason: str = "length", **usage: object) -> list[str]:
    """The end of a healthy stream: a reason, the count where there is one, the sentinel."""
    counted = {"prompt_tokens": 9, "completion_tokens": tokens, **usage}
    last = [] if tokens is None else [event({"choices": [], "usage": counted})]
    return [event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}), *last, event("[DONE]")]


def healthy(tokens: int = 8) -> list[float | str]:
    """Chunks of one token each."""
    return [*paced(delta(f" w{k}") for k in range(tokens)), *closing(tokens)]
