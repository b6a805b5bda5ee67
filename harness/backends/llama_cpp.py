"""The embedded llama.cpp engine (``xllamacpp``), served by its own process and measured over HTTP like any server."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from time import monotonic_ns
from typing import ClassVar

from ..client.control import Control, target
from ..client.exchange import Target
from ..client.json_records import CounterReader, Record, section
from ..client.measured_request import measure
from ..design import Value
from ..errors import ChildFailed
from ..events import Request, Scalar, Settings, Started
from ..models import Model
from ..outcomes import Code, failed
from ..processes.child import Child, python
from ..protocols import Call, Capability, EngineFailed, Score
from ..protocols.settings_reader import SettingReader
from ..weights.gguf_file import gguf_file
from .llama_cpp_scoring import score
from .llama_cpp_server import Launch, Ready
from .llama_cpp_wire import DIALECT, body

INSTALL = "run `make run`, or install the extra: pip install 'bindery[engine]'"

READY_S = 120.0


class LlamaCpp:
    """Settings, all optional: ``num_gpu`` (layers asked onto GPUs), ``num_ctx`` (tokens of one slot), ``threads``
    (a number or ``"all"``) and ``parallel`` (slots). ``address`` is where the started engine listens."""

    SETTINGS: ClassVar[tuple[str, ...]] = ("num_gpu", "num_ctx", "threads", "parallel")

    def __init__(self) -> None:
        self._child: Child | None = None
        self._target: Target | None = None
        self.address: str | None = None
        self.log: Path | None = None

    @classmethod
    def capability(cls) -> Capability:
        if find_spec("xllamacpp") is None:
            return Capability("llama_cpp", available=False, reason=f"xllamacpp is not installed; {INSTALL}")
        return Capability("llama_cpp", available=True, version=metadata.version("xllamacpp"))

    @property
    def engine_pid(self) -> int | None:
        """The engine's process while it runs."""
        return self._child.pid if self._child else None

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        """Starts the engine. Raises ``EngineFailed``."""
        launch = _launch(model, settings)
        began = monotonic_ns()
        command = python("harness.backends.llama_cpp_server")
        child = self._child = Child("llama_cpp", command, self.log, error_mark=" E ")
        child.send(launch)
        try:
            ready = await asyncio.to_thread(child.expect, Ready, READY_S)
        except ChildFailed as error:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, str(error))) from None
        load_ns = monotonic_ns() - began
        self.address = ready.address
        self._target = await target(ready.address, "/completion")
        control = Control(ready.address)
        try:
            props, models = await control.get("/props"), await control.get("/v1/models")
        finally:
            await control.close()
        effective = _effective(model, launch, ready, child.log_text(), props, models)
        return Started("llama_cpp", metadata.version("xllamacpp"), load_ns, effective)

    async def request(self, call: Call) -> Request:
        """One stream. A failure of the connection that the engine's death explains is ``ENGINE_EXITED``."""
        if self._target is None:
            raise RuntimeError("start() comes before request()")
        request = await measure(call, self._target, body(call), DIALECT)
        if self._child is not None and request.outcome.code in (Code.CLOSED_EARLY, Code.CONNECT_REFUSED):
            ended = await asyncio.to_thread(self._child.ended)
            if ended:
                return replace(request, outcome=failed(Code.ENGINE_EXITED, f"llama_cpp ended with {ended}"))
        return request

    @property
    def metrics(self) -> tuple[str, Mapping[str, str]] | None:
        """Where the engine tells its metrics."""
        return None if self.address is None else (f"{self.address}/metrics", {})

    def handle(self) -> dict[str, Value]:
        """Where the started engine listens."""
        return {"address": self.address or ""}

    async def attach(self, handle: Mapping[str, Value]) -> None:
        """Asks an engine that another process has started."""
        self._target = await target(str(handle["address"]), "/completion")

    async def score(self) -> Score:
        """Perplexity and the likeliest tokens."""
        if self.address is None:
            raise RuntimeError("start() comes before score()")
        return await score(self.address)

    async def stop(self) -> None:
        if self._child is not None:
            await asyncio.to_thread(self._child.stop)
        self._child = self._target = self.address = None


def _launch(model: Model, settings: dict[str, Value]) -> Launch:
    asked = SettingReader("llama_cpp", settings, LlamaCpp.SETTINGS)
    allowed = tuple(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else ()
    threads = asked.threads(len(allowed) or os.cpu_count() or 1)
    return Launch(
        model=str(gguf_file(model)),
        n_gpu_layers=asked.whole("num_gpu"),
        n_ctx=asked.whole("num_ctx", 1),
        n_threads=threads,
        n_parallel=asked.whole("parallel", 1) or 1,
        cpus=allowed[:threads] if threads else allowed,
    )


def _effective(model: Model, launch: Launch, ready: Ready, log: str, props: Record, models: Record) -> Settings:
    """The settings that the engine reports or that its devices prove; ``None`` where it says nothing."""
    listed = models.get("data")
    meta = section(listed[0], "meta") if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    slot = CounterReader(section(props, "default_generation_settings"))
    facts: dict[str, Scalar] = {
        "model": model.name,
        "model_sha256": model.sha256,
        "model_layers": _logged(r"n_layer\s+= (\d+)", log),
        "n_params": CounterReader(meta).count("n_params"),
        "weights_bytes": CounterReader(meta).count("size"),
        "num_ctx": slot.count("n_ctx"),
        "slots": CounterReader(props).count("total_slots"),
        "threads": _logged(r"system_info: n_threads = (\d+)", log),
        "cpus_allowed": len(launch.cpus) or None,
        "layers_offloaded": _logged(r"offloaded (\d+)/\d+ layers to GPU", log) if ready.gpus else 0,
        "gpu_devices": len(ready.gpus),
        "devices": ", ".join(ready.devices),
        "cpu_features": " ".join(re.findall(r"(\w+) = 1", ready.system)),
    }
    return facts


def _logged(pattern: str, log: str) -> int | None:
    found = re.search(pattern, log)
    return int(found[1]) if found else None
