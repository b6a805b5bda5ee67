"""The pacer as an engine under measurement, so that a calibration is a study like any other.

Requests go through the same exchange, framing and decoding as a llama.cpp server's. What the pacer says about each
stream stands in the request's ``effective`` settings, as offsets from the planned start: ``seen_ns``, ``due_ns``, and
``writes_ns``, the write times of all tokens in order, separated by blanks.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic_ns
from typing import ClassVar

from ...backends import llama_cpp_wire
from ...client.decode import decode
from ...client.exchange import Exchange, Target, exchange
from ...client.measured_request import as_request
from ...design import Value
from ...errors import ChildFailed
from ...events import Request, Settings, Started
from ...models import Model
from ...outcomes import Code, failed
from ...protocols import Call, Capability, EngineFailed
from ...protocols.settings_reader import SettingReader
from .truth import GroundTruth, Pace

_TRUTH = re.compile(rb": truth (\{.*?\})\n")


class PacerBackend:
    """Settings: ``ttft_ms`` and ``itl_ms``; the pacer runs on the last processor that we may use."""

    SETTINGS: ClassVar[tuple[str, ...]] = ("ttft_ms", "itl_ms")

    def __init__(self) -> None:
        self._truth: GroundTruth | None = None
        self._host, self._port = "", 0
        self._pace = Pace("", 0.0, 0.0, 1)

    @property
    def engine_pid(self) -> int | None:
        return self._truth.pid if self._truth else None

    @classmethod
    def capability(cls) -> Capability:
        if sys.platform != "linux":
            return Capability("pacer", available=False, reason="the ground-truth pacer needs Linux (epoll)")
        return Capability("pacer", available=True, version="1")

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        began = monotonic_ns()
        asked = SettingReader("pacer", settings, self.SETTINGS)
        self._pace = Pace("", asked.number("ttft_ms"), asked.number("itl_ms"), 1)
        try:
            self._truth = GroundTruth(cpu=_own_cpu()).__enter__()
        except ChildFailed as error:
            raise EngineFailed(failed(Code.ENGINE_EXITED, str(error))) from error
        self._host, self._port = self._truth.host, self._truth.port
        effective: Settings = {"ttft_ms": self._pace.ttft_ms, "itl_ms": self._pace.itl_ms, "model": model.name}
        return Started("pacer", "1", monotonic_ns() - began, effective)

    def handle(self) -> dict[str, Value]:
        """Where the started pacer listens, and its pace."""
        return {"host": self._host, "port": self._port, "ttft_ms": self._pace.ttft_ms, "itl_ms": self._pace.itl_ms}

    async def attach(self, handle: Mapping[str, Value]) -> None:
        """Asks a pacer that another process has started."""
        self._host, self._port = str(handle["host"]), int(handle["port"])
        self._pace = Pace("", float(handle["ttft_ms"]), float(handle["itl_ms"]), 1)

    async def request(self, call: Call) -> Request:
        if not self._port:
            raise EngineFailed(failed(Code.ENGINE_EXITED, "the pacer was not started"))
        pace = replace(self._pace, id=str(call.index), tokens=call.max_tokens)
        target = Target(self._host, self._port, f"/completion?{pace.query()}&report=1")
        message = json.dumps(llama_cpp_wire.body(call), ensure_ascii=False).encode()
        answer = await exchange(target, message, call.deadlines, call.planned_ns)
        request = as_request(call, answer, await decode(answer, llama_cpp_wire.DIALECT))
        return replace(request, effective={**request.effective, **told(answer)})

    async def stop(self) -> None:
        truth, self._truth, self._port = self._truth, None, 0
        if truth is not None:
            truth.__exit__(None, None, None)


def _own_cpu() -> int | None:
    """A processor for the pacer alone, where there is more than one."""
    allowed = os.sched_getaffinity(0)
    return max(allowed) if len(allowed) > 1 else None


def told(answer: Exchange) -> Settings:
    """What the pacer said about this stream, or nothing where it did not come to that."""
    match = _TRUTH.search(b"".join(answer.chunks[-8:]))
    if match is None:
        return {}
    log = json.loads(match[1])
    offsets = [at - answer.planned_ns for at in log["writes"]]
    return {
        "seen_ns": log["seen"] - answer.planned_ns,
        "due_ns": log["due"] - answer.planned_ns,
        "writes_ns": " ".join(map(str, offsets)),
    }
