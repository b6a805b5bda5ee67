"""Where an agent sends, in words that need no knowledge of engines; and how its streams are decoded here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..backends import llama_cpp_wire
from ..calibration.pacer.truth import Pace
from ..client.decode import Dialect
from ..outcomes import Code, unsupported
from ..protocols import Call, Deadlines, EngineFailed
from ..protocols.agent import Address, TaskSpec


@dataclass(frozen=True, slots=True)
class Destination:
    """A server that agents can ask. ``body`` makes the JSON of a call, its prompt still missing.

    ``content`` and ``done`` are the keys of a stream's records for its text and for its end.
    """

    host: str
    port: int
    path: str
    dialect: Dialect = llama_cpp_wire.DIALECT
    content: str = "content"
    done: str = "stop"

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
        asked = {key: value for key, value in llama_cpp_wire.body(call).items() if key != "prompt"}
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
    detail = f"agents ask llama_cpp and pacer, not {address.backend}"
    raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
