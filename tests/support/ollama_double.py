"""A test double that speaks Ollama's documented wire format. It is not Ollama and computes nothing."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.support.stream_server import http_chunk, read_request, serving

TAG = "gemma3:270m"
LAYERS = 18
WEIGHTS = "cd" * 32


class OllamaDouble:
    """Holds at most one model, loaded with the options of the request that loaded it."""

    def __init__(self, *, in_gpu: bool = False) -> None:
        self.tags = {TAG: WEIGHTS}
        self.held_by_others = False
        self.loaded: Mapping[str, Any] | None = None
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._in_gpu = in_gpu

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive unless the client closes."""
        while True:
            first, headers, body = await read_request(reader)
            path = first.decode().split(" ")[1]
            asked = json.loads(body) if body and not path.startswith("/api/blobs/") else {}
            self.asked.append((path, asked))
            if path.startswith("/api/blobs/"):
                digest = path.rpartition(":")[2]
                known = first.startswith(b"POST") and hashlib.sha256(body).hexdigest() == digest
                _answer(writer, 201 if known else 404, {} if first.startswith(b"POST") else None)
            elif path == "/api/generate" and asked.get("prompt"):
                await self._generate(writer, asked)
            else:
                _answer(writer, *self._control(path, asked))
            await writer.drain()
            if headers.get("connection") == "close":
                return

    def _control(self, path: str, asked: Mapping[str, Any]) -> tuple[int, object]:
        if path != "/api/create" and asked.get("model", TAG) not in self.tags:
            return 404, {"error": f"model '{asked['model']}' not found"}
        match path:
            case "/api/version":
                return 200, {"version": "0.12.6"}
            case "/api/show":
                return 200, _shown(self.tags[asked["model"]])
            case "/api/tags":
                return 200, {"models": [{"name": name} for name in self.tags]}
            case "/api/create":
                (digest,) = asked["files"].values()
                return 200, self._made(asked["model"], digest.removeprefix("sha256:"))
            case "/api/ps":
                return 200, {"models": [self._running()] if self.loaded is not None else []}
            case "/api/generate":
                unload = asked.get("keep_alive") == 0
                if not (unload and self.held_by_others):
                    self.loaded = None if unload else asked.get("options", {})
                return 200, {"model": TAG, "response": "", "done": True, "done_reason": "unload" if unload else "load"}
        return 404, {"error": "no such path"}

    def _made(self, tag: str, digest: str) -> dict[str, str]:
        assert f"/api/blobs/sha256:{digest}" in [path for path, _ in self.asked], "its weights were never given"
        self.tags[tag] = digest
        return {"status": "success"}

    def _running(self) -> dict[str, Any]:
        assert self.loaded is not None
        return {
            "name": TAG,
            "model": TAG,
            "size": 500_000_000,
            "size_vram": 500_000_000 if self._in_gpu else 0,
            "digest": "ab" * 32,
            "expires_at": "2025-10-17T23:44:07Z",
            "details": {"quantization_level": "Q4_K_M"},
            "context_length": max(256, self.loaded.get("num_ctx", 4096)),
        }

    async def _generate(self, writer: asyncio.StreamWriter, asked: Mapping[str, Any]) -> None:
        words = asked["options"]["num_predict"]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
        began_ns = time.perf_counter_ns()
        for i in range(words):
            record = {"model": TAG, "created_at": "2025-10-17T23:14:07Z", "response": f" w{i}", "done": False}
            writer.write(http_chunk(json.dumps(record).encode() + b"\n"))
            await writer.drain()
            await asyncio.sleep(0.002)
        last = {
            "model": TAG,
            "created_at": "2025-10-17T23:14:07Z",
            "response": "",
            "done": True,
            "done_reason": "length",
            "total_duration": 4_000_000 + time.perf_counter_ns() - began_ns,
            "load_duration": 1_000_000,
            "prompt_eval_count": 9,
            "prompt_eval_duration": 3_000_000,
            "eval_count": words,
            "eval_duration": time.perf_counter_ns() - began_ns,
        }
        writer.write(http_chunk(json.dumps(last).encode() + b"\n") + b"0\r\n\r\n")


def _shown(weights: str) -> dict[str, Any]:
    return {
        "modelfile": f"# made by ollama\nFROM /usr/share/ollama/.ollama/models/blobs/sha256-{weights}\nTEMPLATE x\n",
        "parameters": 'stop    "<end_of_turn>"\ntop_k   64',
        "system": "You are brief.",
        "template": "{{ .Prompt }}",
        "details": {"family": "gemma3", "parameter_size": "268M", "quantization_level": "Q4_K_M"},
        "model_info": {
            "general.architecture": "gemma3",
            "general.parameter_count": 268_098_176,
            "gemma3.block_count": LAYERS,
            "gemma3.context_length": 32768,
        },
    }


def _answer(writer: asyncio.StreamWriter, status: int, record: object) -> None:
    body = b"" if record is None else json.dumps(record).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)


@asynccontextmanager
async def ollama_double(*, in_gpu: bool = False) -> AsyncIterator[tuple[OllamaDouble, str]]:
    """The double and the host and port on which it listens."""
    double = OllamaDouble(in_gpu=in_gpu)
    async with serving(double) as target:
        yield double, f"{target.host}:{target.port}"
