"""Ollama, already running on this machine or another; the model is unloaded before and after, so each run is cold."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from time import monotonic, monotonic_ns
from typing import ClassVar

import httpx

from ..client.control import Control, target
from ..client.exchange import Target
from ..client.json_records import Record, text
from ..client.measured_request import measure
from ..client.tls import tls_context
from ..design import Value
from ..events import Request, Settings, Started
from ..models import Model
from ..outcomes import Code, failed
from ..protocols import Call, Capability, EngineFailed, Foreign
from ..protocols.settings_reader import SettingReader
from .ollama_server.checks import checked, load_ms
from .ollama_server.facts import reported
from .ollama_server.library import find
from .ollama_server.names import full_name, host_url
from .ollama_wire import DIALECT, KEEP_LOADED, PATH, Common, body

HOW = "install it from https://ollama.com, run `ollama serve`, or set OLLAMA_HOST to where it listens"
LOAD_S = 300.0
UNLOAD_S = 20.0
_POLL_S = 0.2
_VERSION_BYTES, _VERSION_S = 1 << 16, 2.0


def _version(url: str) -> str:
    """What the server at ``url`` says that it is, read within bounds. Raises as httpx does, and ``ValueError``."""
    found, began = bytearray(), monotonic()
    with httpx.stream("GET", f"{url}/api/version", timeout=1.0, trust_env=False, verify=tls_context()) as answer:
        for piece in answer.raise_for_status().iter_bytes():
            found += piece
            if len(found) > _VERSION_BYTES or monotonic() - began > _VERSION_S:
                raise ValueError("its version is too long, or does not end")
    return str(json.loads(found)["version"])


class Ollama(Foreign):
    """Settings, all optional: ``num_gpu``, ``num_ctx``, ``threads`` (sent as ``num_thread``), ``served_model`` (the
    tag; without it the one that has the weights of the registered model), ``raw`` (without the model's template; true
    unless set), ``think`` (left to the model unless set) and ``keep_alive`` (how long an idle model stays loaded).

    It has no ``score``, so the accuracy gate cannot judge it: its API takes text and no tokens, and of a place it tells
    the few likeliest tokens at most.
    """

    SETTINGS: ClassVar[tuple[str, ...]] = (
        "num_gpu",
        "num_ctx",
        "threads",
        "served_model",
        "raw",
        "think",
        "keep_alive",
    )
    engine_pid: int | None = None

    def __init__(self) -> None:
        self._control: Control | None = None
        self._target: Target | None = None
        self._url = ""
        self._common = Common("", {})
        self._warm_ms: float | None = None

    @classmethod
    def capability(cls) -> Capability:
        url = host_url(os.environ.get("OLLAMA_HOST", ""))
        try:
            version = _version(url)
        except (httpx.HTTPError, httpx.InvalidURL, EngineFailed, ValueError, KeyError, TypeError) as error:
            reason = f"no Ollama at {url} ({str(error) or type(error).__name__}); {HOW}"
            return Capability("ollama", available=False, reason=reason)
        return Capability("ollama", available=True, version=version[:40])

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        """Loads the model anew. Raises ``EngineFailed``, also where others use the model so that it stays loaded."""
        asked = SettingReader("ollama", settings, self.SETTINGS)
        common = Common(
            tag="",
            options=_options(asked),
            keep_alive=asked.text("keep_alive", KEEP_LOADED),
            raw=asked.flag("raw") is not False,
            think=asked.flag("think"),
        )
        url = self._url = host_url(os.environ.get("OLLAMA_HOST", ""))
        control = self._control = Control(url, timeout_s=LOAD_S)
        version = text(await control.get("/api/version"), "version")
        tag, shown = await find(control, model, asked.text("served_model", ""))
        self._common = replace(common, tag=tag)
        await self._unload(control)
        await self._until_gone(control)
        began = monotonic_ns()
        await control.post(PATH, self._load(self._common.keep_alive))
        load_ns = monotonic_ns() - began
        self._target = await target(url, PATH)
        return Started("ollama", version, load_ns, self._effective(shown, await self._running(control)))

    def _effective(self, shown: Record, running: Record) -> Settings:
        return {
            "served_model": self._common.tag,
            "raw": self._common.raw,
            "think": self._common.think,
            "ignore_eos": "not supported",
            **reported(shown, running),
        }

    async def _unload(self, control: Control) -> None:
        await control.post(PATH, self._load(0))

    def _load(self, keep_alive: str | int) -> dict[str, object]:
        """A request without a prompt loads the model, or unloads it with ``keep_alive`` 0."""
        common = self._common
        return {"model": common.tag, "keep_alive": keep_alive, "stream": False, "options": common.options}

    async def _until_gone(self, control: Control) -> None:
        """Returns when the model is no longer loaded; another client may hold it. Raises ``EngineFailed``.

        An entry that names no time until which it is kept does not tell whether a runner holds it.
        """
        deadline = monotonic() + UNLOAD_S
        while (await self._running(control)).get("expires_at"):
            if monotonic() > deadline:
                tag, after = self._common.tag, f"{UNLOAD_S:g} s after it was told to unload"
                detail = f"{tag} stays loaded for {after}: somebody else uses it"
                raise EngineFailed(failed(Code.ENGINE_BUSY, detail))
            await asyncio.sleep(_POLL_S)

    async def _running(self, control: Control) -> Record:
        """The entry of ``/api/ps`` for our model; empty where it is not listed."""
        entries = (await control.get("/api/ps")).get("models")
        for entry in entries if isinstance(entries, list) else []:
            names = (entry.get("name"), entry.get("model")) if isinstance(entry, dict) else ()
            if self._common.tag in (full_name(name) for name in names if isinstance(name, str)):
                found: Record = entry
                return found
        return {}

    def handle(self) -> dict[str, Value]:
        return self._common.handle(self._url)

    async def attach(self, handle: Mapping[str, Value]) -> None:
        """Asks a model that another process has loaded."""
        self._common = Common.of_handle(handle)
        self._target = await target(str(handle["address"]), PATH)

    async def request(self, call: Call) -> Request:
        if self._target is None:
            raise RuntimeError("start() comes before request()")
        asked = body(call, self._common)
        request = checked(await measure(call, self._target, asked, DIALECT), self._warm_ms)
        loaded = load_ms(request)
        if loaded is not None:
            self._warm_ms = loaded if self._warm_ms is None else min(self._warm_ms, loaded)
        return request

    async def stop(self) -> None:
        control, self._control, self._target = self._control, None, None
        if control is None:
            return
        with suppress(EngineFailed, TimeoutError):
            async with asyncio.timeout(UNLOAD_S):
                if self._common.tag:
                    await self._unload(control)
        await control.close()


def _options(asked: SettingReader) -> dict[str, Value]:
    wanted = {
        "num_gpu": asked.whole("num_gpu"),
        "num_ctx": asked.whole("num_ctx", 1),
        "num_thread": asked.threads(os.cpu_count() or 1),
    }
    return {name: value for name, value in wanted.items() if value is not None}
