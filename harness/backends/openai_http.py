"""Any server that speaks OpenAI's HTTP API, already running somewhere: vLLM, SGLang, llama.cpp, LM Studio, …"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from time import monotonic_ns
from typing import ClassVar, NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from ..client.control import Control, target
from ..client.exchange import Target
from ..client.json_records import CounterReader, Record
from ..client.measured_request import measure
from ..client.shown_address import parts_shown
from ..client.tls import tls_context, unverified
from ..design import Value
from ..events import Request, Settings, Started
from ..models import Model
from ..outcomes import Code, failed, unsupported
from ..protocols import Call, Capability, EngineFailed, Foreign
from ..protocols.settings_reader import SettingReader
from .openai.address import ADDRESS, ENDPOINTS, HOW, bases, headers
from .openai.agreed import Agreed, extra_body
from .openai.metrics_page import metrics_url
from .openai.models import chosen, listed
from .openai_wire import DIALECT, agreed_body

DENIED = (401, 403)
MOST_REDIRECTS = 4


class OpenAIHttp(Foreign):
    """Settings, all optional: ``base_url`` (default: ``$BINDERY_OPENAI_URL``), ``endpoint`` (``completions`` or
    ``chat``), ``served_model`` (the server's name for the model, where it serves several) and ``extra_body`` (a JSON
    object of fields that every request gets). A key goes into ``$BINDERY_OPENAI_KEY`` and other headers into
    ``$BINDERY_OPENAI_HEADERS``, because settings are recorded.

    ``agreed`` is what a preflight found that the server accepts; set it before ``start``. Without it, requests have all
    their fields.
    """

    SETTINGS: ClassVar[tuple[str, ...]] = ("base_url", "endpoint", "served_model", "extra_body")
    engine_pid: int | None = None

    def __init__(self) -> None:
        self.agreed: Mapping[str, Value] = {}
        self._target: Target | None = None
        self._sent: Agreed | None = None

    @classmethod
    def capability(cls) -> Capability:
        url = os.environ.get(ADDRESS)
        return cls.capability_at(url) if url else Capability("openai_http", available=False, reason=HOW)

    @classmethod
    def capability_at(cls, url: str) -> Capability:
        """Whether a server answers at ``url`` and lets us in; that it lists no models is no reason against it."""
        try:
            base, _, query = bases(url)[0].partition("?")
            with (
                httpx.Client(timeout=5.0, trust_env=False, verify=tls_context()) as client,
                client.stream("GET", f"{base}/models?{query}", headers=dict(headers())) as answer,
            ):
                why = f"answers {answer.status_code}; set the key" if answer.status_code in DENIED else ""
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"does not answer ({str(error) or type(error).__name__}); start it, or {HOW}"
        except EngineFailed as error:
            return Capability("openai_http", available=False, reason=str(error))
        if why:
            return Capability("openai_http", available=False, reason=f"{parts_shown(url)} {why}")
        return Capability("openai_http", available=True, version=answer.headers.get("server", "")[:40])

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        """Finds the model on the server. Raises ``EngineFailed``."""
        began = monotonic_ns()
        url, asked = read_settings(settings)
        if self.agreed:
            asked = Agreed.of(self.agreed)
            candidates: tuple[str, ...] = (asked.base_url,)
        else:
            candidates = bases(url)
        base, entries, _ = await find_models(candidates)
        entry = served_entry(entries, asked.served_model, model.name)
        self._sent = as_listed(asked, base, entry)
        self._target = await target(base, ENDPOINTS[self._sent.endpoint], headers())
        load_ns = monotonic_ns() - began
        return Started("openai_http", self._sent.owner, load_ns, self._effective(entry))

    def _effective(self, entry: Record) -> Settings:
        """What the server lists; most servers list no more than a name."""
        if self._sent is None:
            raise RuntimeError("start() comes before request()")
        meta = CounterReader(_section(entry, "meta"))
        return {
            "served_model": self._sent.served_model[:200],
            "endpoint": self._sent.endpoint,
            "num_ctx": CounterReader(entry).count("max_model_len") or meta.count("n_ctx"),
            "n_params": meta.count("n_params"),
            **self._sent.effective(),
            **({"tls": "not verified"} if unverified() else {}),
        }

    async def request(self, call: Call) -> Request:
        if self._target is None or self._sent is None:
            raise RuntimeError("start() comes before request()")
        return await measure(call, self._target, agreed_body(call, self._sent), DIALECT)

    @property
    def metrics(self) -> tuple[str, Mapping[str, str]] | None:
        """Where the server may tell its metrics."""
        return None if self._sent is None else (metrics_url(self._sent.base_url), dict(headers()))

    async def stop(self) -> None:
        self._target = None


def read_settings(settings: Mapping[str, Value]) -> tuple[str, Agreed]:
    """The address, and what the settings say of requests. Raises ``EngineFailed``."""
    asked = SettingReader("openai_http", settings, OpenAIHttp.SETTINGS)
    url = asked.text("base_url", os.environ.get(ADDRESS, ""))
    if not url:
        raise EngineFailed(unsupported(Code.ENGINE_MISSING, HOW))
    endpoint = asked.text("endpoint", "completions", tuple(ENDPOINTS))
    extra = extra_body(asked.text("extra_body", ""))
    return url, Agreed(url, endpoint, asked.text("served_model", ""), extra=extra)


class Listing(NamedTuple):
    """The base that lists models, and its list; the first base and ``None`` where none does, with the last ``status``
    that one answered instead."""

    base: str
    entries: dict[str, Record] | None
    status: int


async def find_models(candidates: tuple[str, ...]) -> Listing:
    """Asks each candidate for its models.

    A redirect of the list moves the base. Raises ``EngineFailed`` where no server answers, one does not let us in, or a
    redirect would take a key to another host.
    """
    waiting, moves, status = list(candidates), 0, 0
    while waiting:
        base = waiting.pop(0)
        control = Control(base, headers=dict(headers()))
        try:
            answer = await control.ask("GET", "/models")
        finally:
            await control.close()
        status = answer.status
        where = f"GET {parts_shown(base)}/models: {status}"
        if answer.status in DENIED:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where} {answer.text[:200]}; set the key"))
        if answer.is_redirect and moves < MOST_REDIRECTS:
            moves += 1
            waiting.insert(0, moved(base, answer.headers.get("location", ""), "/models"))
            continue
        entries = listed(answer.body) if answer.is_success else None
        if entries is not None:
            return Listing(base, entries, status)
    return Listing(candidates[0], None, status)


def moved(base: str, location: str, asked: str) -> str:
    """The base to which a redirect of the path that was ``asked`` leads. Raises ``EngineFailed`` where it must not."""
    there = urljoin(f"{base.partition('?')[0]}{asked}", location)
    before, after = urlsplit(base), urlsplit(there)
    path = after.path.rstrip("/")
    if not path.endswith(asked):
        raise EngineFailed(failed(Code.REDIRECT, f"{parts_shown(base)} redirects to {parts_shown(there)}"))
    if headers() and before.hostname != after.hostname:
        detail = f"{parts_shown(base)} redirects to {parts_shown(there)}, which would get the key; give that address"
        raise EngineFailed(failed(Code.REDIRECT, detail))
    return urlunsplit((after.scheme, after.netloc, path.removesuffix(asked), after.query, ""))


def served_entry(entries: dict[str, Record] | None, wanted: str, model: str) -> Record:
    """The server's entry for the model; its name alone where nothing is listed. Raises ``EngineFailed``."""
    return {"id": wanted or model} if entries is None else chosen(entries, wanted, model)


def _section(entry: Record, name: str) -> Record:
    """What a list says of a model beside its name; empty where it is of another shape."""
    found = entry.get(name)
    return found if isinstance(found, dict) else {}


def as_listed(asked: Agreed, base: str, entry: Record) -> Agreed:
    """``asked`` with what the server's list says."""
    owner = entry.get("owned_by")
    shown = " ".join(owner.split())[:80] if isinstance(owner, str) else ""
    return replace(asked, base_url=base, served_model=str(entry["id"]), owner=shown if shown.isprintable() else "")
