"""Any server that speaks OpenAI's HTTP API, already running somewhere: vLLM, SGLang, llama.cpp, LM Studio, …"""

from __future__ import annotations

import os
from time import monotonic_ns
from typing import ClassVar

import httpx

from ..client.control import Control, target
from ..client.exchange import Target
from ..client.json_records import CounterReader, Record, section
from ..client.measured_request import measure
from ..design import Value
from ..events import Request, Settings, Started
from ..models import Model
from ..outcomes import Code, unsupported
from ..protocols import Call, Capability, EngineFailed, Foreign
from ..protocols.settings_reader import SettingReader
from .openai_wire import DIALECT, PATHS, body

ADDRESS = "BINDERY_OPENAI_URL"
KEY = "BINDERY_OPENAI_KEY"
HOW = f"set {ADDRESS} to the address of an OpenAI-compatible server, such as http://127.0.0.1:8000"


class OpenAIHttp(Foreign):
    """Settings, all optional: ``base_url`` (default: ``$BINDERY_OPENAI_URL``), ``endpoint`` (``completions`` or
    ``chat``) and ``served_model`` (the server's name for the model, where it serves several). A key goes into
    ``$BINDERY_OPENAI_KEY``, because settings are recorded."""

    SETTINGS: ClassVar[tuple[str, ...]] = ("base_url", "endpoint", "served_model")
    engine_pid: int | None = None

    def __init__(self) -> None:
        self._target: Target | None = None
        self._endpoint = "completions"
        self._served: Record = {}

    @classmethod
    def capability(cls) -> Capability:
        url = os.environ.get(ADDRESS)
        return cls.capability_at(url) if url else Capability("openai_http", available=False, reason=HOW)

    @classmethod
    def capability_at(cls, url: str) -> Capability:
        """Whether a server answers at ``url``."""
        try:
            answer = httpx.get(f"{_root(url)}/v1/models", headers=dict(_key()), timeout=1.0, trust_env=False)
            answer.raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL, EngineFailed) as error:
            reason = f"{url} does not answer ({str(error) or type(error).__name__}); start it, or {HOW}"
            return Capability("openai_http", available=False, reason=reason)
        return Capability("openai_http", available=True, version=answer.headers.get("server", "")[:40])

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        """Finds the model on the server. Raises ``EngineFailed``."""
        began = monotonic_ns()
        asked = SettingReader("openai_http", settings, self.SETTINGS)
        url = asked.text("base_url", os.environ.get(ADDRESS, ""))
        if not url:
            raise EngineFailed(unsupported(Code.ENGINE_MISSING, HOW))
        self._endpoint = asked.text("endpoint", "completions", tuple(PATHS))
        control = Control(_root(url), headers=dict(_key()))
        try:
            listed = await control.get("/v1/models")
        finally:
            await control.close()
        self._served = _served(listed, model, asked.text("served_model", ""))
        self._target = await target(_root(url), PATHS[self._endpoint], _key())
        load_ns = monotonic_ns() - began
        return Started("openai_http", str(self._served.get("owned_by", "")), load_ns, self._effective())

    def _effective(self) -> Settings:
        """What the server lists; most servers list no more than a name."""
        meta = CounterReader(section(self._served, "meta"))
        return {
            "served_model": str(self._served["id"])[:200],
            "endpoint": self._endpoint,
            "num_ctx": CounterReader(self._served).count("max_model_len") or meta.count("n_ctx"),
            "n_params": meta.count("n_params"),
        }

    async def request(self, call: Call) -> Request:
        if self._target is None:
            raise RuntimeError("start() comes before request()")
        asked = body(call, str(self._served["id"]), self._endpoint, str(self._served.get("owned_by", "")))
        return await measure(call, self._target, asked, DIALECT)

    async def stop(self) -> None:
        self._target = None


def _root(url: str) -> str:
    """``url`` without the ``/v1`` that many clients expect at its end."""
    return url.rstrip("/").removesuffix("/v1")


def _key() -> tuple[tuple[str, str], ...]:
    key = os.environ.get(KEY, "")
    if not (key.isascii() and key.isprintable()):
        raise EngineFailed(
            unsupported(Code.SETTING_REJECTED, f"{KEY} has characters that a header cannot carry; set it anew")
        )
    return (("Authorization", f"Bearer {key}"),) if key else ()


def _served(listed: Record, model: Model, wanted: str) -> Record:
    """The server's entry for the model: the one named, the model's own name, or the only one there is."""
    entries = listed.get("data")
    known = {
        str(entry["id"]): entry
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and "id" in entry
    }
    for name in (wanted,) if wanted else (model.name, *(known if len(known) == 1 else ())):
        if name in known:
            return known[name]
    names = ", ".join(sorted(known)) or "no model"
    detail = f"the server has {names[:200]}; set served_model to the one that is {model.name}"
    raise EngineFailed(unsupported(Code.MODEL_MISSING, detail))
