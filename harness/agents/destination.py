"""Where an agent sends, in words that need no knowledge of engines; and how its streams are decoded here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..backends import llama_cpp_wire, ollama_wire
from ..backends.ollama_server.checks import checked
from ..calibration.pacer.truth import Pace
from ..client.decode import Dialect
from ..design import Value
from ..events import Request
from ..outcomes import Code, unsupported
from ..protocols import Call, Deadlines, EngineFailed
from ..protocols.agent import Address, TaskSpec


def _unchecked(request: Request, _warm_ms: float | None) -> Request:
    return request


@dataclass(frozen=True, slots=True)
class Destination:
    """A server that agents can ask. ``body`` makes the JSON of a call, its prompt still missing.

    ``content`` and ``done`` are the keys of a stream's records for its text and for its end. ``checks`` degrades a
    request whose counters contradict its stream, given the shortest load of a model so far, milliseconds.
    """

    host: str
    port: int
    path: str
    dialect: Dialect = llama_cpp_wire.DIALECT
    content: str = "content"
    done: str = "stop"
    asks: Callable[[Call], dict[str, object]] = llama_cpp_wire.body
    checks: Callable[[Request, float | None], Request] = _unchecked

    def body(self, task: TaskSpec, turn: int, deadlines: Deadlines) -> str:
        call = Call(
            index=turn,
            phase=task.phase,
            prompt_id="",
            text="",
            max_tokens=task.max_tokens,
            seed=task.seed + turn,
            temperature=task.temperature,
            ignore_eos=task.ignore_eos,
            deadlines=deadlines,
        )
        asked = {key: value for key, value in self.asks(call).items() if key != "prompt"}
        return json.dumps(asked, separators=(",", ":"))


def destination(address: Address, max_tokens: int) -> Destination:
    """Where ``address`` is. Raises ``EngineFailed`` for a kind of server whose streams agents cannot read."""
    handle = address.handle
    if address.backend == "llama_cpp":
        parts = urlsplit(str(handle["address"]))
        return Destination(parts.hostname or "", parts.port or 80, "/completion")
    if address.backend == "pacer":
        pace = Pace("agent", float(handle["ttft_ms"]), float(handle["itl_ms"]), max_tokens)
        return Destination(str(handle["host"]), int(handle["port"]), f"/completion?{pace.query()}&report=1")
    if address.backend == "ollama":
        return _ollama(handle)
    detail = f"agents ask llama_cpp, ollama and pacer, not {address.backend}"
    raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))


def _ollama(handle: Mapping[str, Value]) -> Destination:
    parts, common = urlsplit(str(handle["address"])), ollama_wire.Common.of_handle(handle)
    if parts.scheme != "http":
        detail = f"agents ask without TLS, and OLLAMA_HOST names a server of {parts.scheme}"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
    return Destination(
        parts.hostname or "",
        parts.port or 80,
        f"{parts.path}{ollama_wire.PATH}",
        ollama_wire.DIALECT,
        content="response",
        done="done",
        asks=lambda call: ollama_wire.body(call, common),
        checks=checked,
    )
