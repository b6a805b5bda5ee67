"""Ollama, already running on this machine or another; the model is unloaded before and after, so each run is cold."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from time import monotonic_ns
from typing import ClassVar
from urllib.parse import urlsplit

import httpx

from ..client.control import Control, target
from ..client.exchange import Target
from ..client.json_records import CounterReader, Record, section, text
from ..client.measured_request import measure
from ..design import Value
from ..events import Request, Scalar, Settings, Started
from ..models import Model
from ..outcomes import Code, unsupported
from ..protocols import Call, Capability, EngineFailed, Foreign
from ..protocols.settings_reader import SettingReader
from .ollama_wire import DIALECT, KEEP_LOADED, body

HOW = "install it from https://ollama.com, run `ollama serve`, or set OLLAMA_HOST to where it listens"
LOAD_S = 300.0
UNLOAD_S = 10.0
_REACHABLE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 read, not listened on
"""Where to reach a server that listens everywhere."""


class Ollama(Foreign):
    """Settings, all optional: ``num_gpu``, ``num_ctx``, ``threads`` (sent as ``num_thread``) and ``served_model``
    (the tag, where the model's registered source names none).

    It has no ``score``, so the accuracy gate cannot judge it: its API takes text and no tokens, and of a place it tells
    the few likeliest tokens at most.
    """

    SETTINGS: ClassVar[tuple[str, ...]] = ("num_gpu", "num_ctx", "threads", "served_model")
    engine_pid: int | None = None

    def __init__(self) -> None:
        self._control: Control | None = None
        self._target: Target | None = None
        self._tag = ""
        self._options: dict[str, Value] = {}

    @classmethod
    def capability(cls) -> Capability:
        url = host_url(os.environ.get("OLLAMA_HOST", ""))
        try:
            answer = httpx.get(f"{url}/api/version", timeout=1.0, trust_env=False)
            version = str(answer.raise_for_status().json()["version"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
            reason = f"no Ollama at {url} ({str(error) or type(error).__name__}); {HOW}"
            return Capability("ollama", available=False, reason=reason)
        return Capability("ollama", available=True, version=version[:40])

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        """Loads the model anew. Raises ``EngineFailed``."""
        asked = SettingReader("ollama", settings, self.SETTINGS)
        self._tag = _full_name(asked.text("served_model", "") or _tag(model))
        self._options = _options(asked)
        url = host_url(os.environ.get("OLLAMA_HOST", ""))
        control = self._control = Control(url, timeout_s=LOAD_S)
        version = text(await control.get("/api/version"), "version")
        shown = await self._show(control)
        await self._unload(control)
        began = monotonic_ns()
        await control.post("/api/generate", self._load(KEEP_LOADED))
        load_ns = monotonic_ns() - began
        self._target = await target(url, "/api/generate")
        return Started("ollama", version, load_ns, _effective(shown, await self._running(control)))

    async def _show(self, control: Control) -> Record:
        try:
            return await control.post("/api/show", {"model": self._tag})
        except EngineFailed as error:
            if " 404 " not in error.outcome.detail:
                raise
            detail = f"Ollama has no {self._tag}; run `ollama pull {self._tag}`"
            raise EngineFailed(unsupported(Code.MODEL_MISSING, detail)) from None

    async def _unload(self, control: Control) -> None:
        await control.post("/api/generate", self._load(0))

    def _load(self, keep_alive: str | int) -> dict[str, object]:
        """A request without a prompt loads the model, or unloads it with ``keep_alive`` 0."""
        return {"model": self._tag, "keep_alive": keep_alive, "stream": False, "options": self._options}

    async def _running(self, control: Control) -> Record:
        """The entry of ``/api/ps`` for our model; empty where it is not listed."""
        entries = (await control.get("/api/ps")).get("models")
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and self._tag in (entry.get("name"), entry.get("model")):
                return entry
        return {}

    async def request(self, call: Call) -> Request:
        if self._target is None:
            raise RuntimeError("start() comes before request()")
        return await measure(call, self._target, body(call, self._tag, self._options), DIALECT)

    async def stop(self) -> None:
        control, self._control, self._target = self._control, None, None
        if control is None:
            return
        with suppress(EngineFailed, TimeoutError):
            async with asyncio.timeout(UNLOAD_S):
                await self._unload(control)
        await control.close()


def host_url(host: str) -> str:
    """``OLLAMA_HOST`` as Ollama itself reads it: scheme, host and port are each optional; a bad port is ignored."""
    scheme, found, rest = host.strip(" \"'").rpartition("://")
    bare_ipv6 = rest.count(":") > 1 and "[" not in rest
    parts = urlsplit(f"//[{rest}]" if bare_ipv6 else f"//{rest}")
    try:
        port = parts.port
    except ValueError:
        port = None
    name = _REACHABLE.get(parts.hostname or "", parts.hostname)
    port = port or {"": 11434, "http": 80, "https": 443}.get(scheme, 11434)
    return f"{scheme if found else 'http'}://{f'[{name}]' if ':' in str(name) else name}:{port}{parts.path.rstrip('/')}"


def _tag(model: Model) -> str:
    scheme, _, tag = model.source.partition(":")
    if scheme != "ollama":
        detail = f"{model.name} has no Ollama tag; set served_model to the tag that holds it"
        raise EngineFailed(unsupported(Code.MODEL_MISSING, detail))
    return tag


def _full_name(tag: str) -> str:
    """Ollama lists ``gemma3`` as ``gemma3:latest``."""
    return tag if ":" in tag.rpartition("/")[2] else f"{tag}:latest"


def _options(asked: SettingReader) -> dict[str, Value]:
    wanted = {
        "num_gpu": asked.whole("num_gpu"),
        "num_ctx": asked.whole("num_ctx", 1),
        "num_thread": asked.threads(os.cpu_count() or 1),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _effective(shown: Record, running: Record) -> Settings:
    """What ``/api/show`` and ``/api/ps`` report.

    Ollama names no layer count: all of the model in GPU memory means every layer and the output layer, none of it
    means 0, and anything between is unknown (``None``).
    """
    info, details = section(shown, "model_info"), section(shown, "details")
    architecture = text(info, "general.architecture")
    layers = CounterReader(info).count(f"{architecture}.block_count")
    memory = CounterReader(running)
    size, in_gpu = memory.count("size"), memory.count("size_vram")
    offloaded = None
    if in_gpu == 0:
        offloaded = 0
    elif in_gpu is not None and in_gpu == size and layers is not None:
        offloaded = layers + 1
    facts: dict[str, Scalar] = {
        "model_sha256": text(running, "digest")[:80] or None,
        "model_layers": layers,
        "n_params": CounterReader(info).count("general.parameter_count"),
        "quantisation": text(details, "quantization_level")[:40] or None,
        "num_ctx": memory.count("context_length"),
        "layers_offloaded": offloaded,
        "size_bytes": size,
        "size_vram_bytes": in_gpu,
    }
    return facts
