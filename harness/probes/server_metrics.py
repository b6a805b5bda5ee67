"""A server's own metrics, polled over HTTP while it is measured: vLLM's and llama.cpp's ``/metrics``."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..events import Reading
from ..outcomes import Missing
from ..protocols import Capability
from ..protocols.probe import Engines
from .prometheus_text import samples

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 2.0
_MOST_BYTES = 4 << 20

QUANTITIES: dict[str, tuple[str, str]] = {
    "requests_running": ("", "requests that the server works on"),
    "requests_waiting": ("", "requests that wait in the server's queue"),
    "kv_cache_used": ("%", "share of the key-value cache in use"),
    "prompt_tokens": ("tokens", "prompt tokens processed since the server started"),
    "output_tokens": ("tokens", "tokens generated since the server started"),
    "preemptions": ("", "requests that lost their place since the server started"),
    "prefix_cache_queries": ("tokens", "tokens looked up in the prefix cache since the server started"),
    "prefix_cache_hits": ("tokens", "tokens found in the prefix cache since the server started"),
}
"""Unit and meaning of each quantity ``server.<name>``."""

_NAMES: dict[str, tuple[str, float]] = {
    "vllm:num_requests_running": ("requests_running", 1),
    "vllm:num_requests_waiting": ("requests_waiting", 1),
    "vllm:kv_cache_usage_perc": ("kv_cache_used", 100),
    "vllm:gpu_cache_usage_perc": ("kv_cache_used", 100),
    "vllm:prompt_tokens_total": ("prompt_tokens", 1),
    "vllm:generation_tokens_total": ("output_tokens", 1),
    "vllm:num_preemptions_total": ("preemptions", 1),
    "vllm:prefix_cache_queries_total": ("prefix_cache_queries", 1),
    "vllm:prefix_cache_hits_total": ("prefix_cache_hits", 1),
    "llamacpp:requests_processing": ("requests_running", 1),
    "llamacpp:requests_deferred": ("requests_waiting", 1),
    "llamacpp:kv_cache_usage_ratio": ("kv_cache_used", 100),
    "llamacpp:prompt_tokens_total": ("prompt_tokens", 1),
    "llamacpp:tokens_predicted_total": ("output_tokens", 1),
}
"""The names that servers give them, and the factor to our unit."""


def known_quantities(text: str) -> dict[str, float]:
    """The quantities in a page of metrics. Several engines of one server add up, shares do not: the highest counts."""
    found: dict[str, float] = {}
    for name, value in samples(text):
        quantity, factor = _NAMES.get(name, ("", 0))
        if not quantity or value < 0:
            continue
        before = found.get(quantity, 0.0)
        found[quantity] = max(before, value * factor) if QUANTITIES[quantity][0] == "%" else before + value * factor
    return found


def _begin(pieces: Iterable[bytes]) -> bytes:
    """As much of a page as is read, of as much as comes in the time for it."""
    found, deadline = bytearray(), time.monotonic() + TIMEOUT_S
    for piece in pieces:
        found += piece
        if len(found) > _MOST_BYTES or time.monotonic() > deadline:
            break
    return bytes(found[:_MOST_BYTES])


@dataclass(frozen=True, slots=True)
class Source:
    """Where a server tells its metrics, and the headers that it wants."""

    url: str
    headers: Mapping[str, str]
    verify: ssl.SSLContext | bool = True


def _client(server: Source) -> httpx.Client:
    import httpx  # most runs need none of it

    return httpx.Client(headers=dict(server.headers), timeout=TIMEOUT_S, trust_env=False, verify=server.verify)


class ServerMetrics:
    """Quantities ``server.*`` (``server.NAME.*`` of several servers) of each server that tells any.

    The first page decides which quantities a server has; one that is missing later is null (``not_reported``).
    """

    name = "server_metrics"
    interval_s = 1.0

    def __init__(self, servers: Mapping[str, Source] | None = None) -> None:
        self._servers = dict(servers or {})
        self._clients: dict[str, httpx.Client] = {}
        self._known: dict[str, tuple[str, ...]] = {}

    @classmethod
    def capability(cls) -> Capability:
        return Capability(cls.name, available=True, version="Prometheus text")

    def open(self, engines: Engines) -> None:
        del engines
        for name, server in self._servers.items():
            self._clients[name] = _client(server)
            self._known[name] = tuple(self._read(name))

    def sample(self) -> Iterable[Reading]:
        for name, quantities in self._known.items():
            if not quantities:
                continue
            began = time.monotonic_ns()
            values = self._read(name)
            at = (began + time.monotonic_ns()) // 2
            scope = f"server.{name}." if name else "server."
            for quantity in quantities:
                value = values.get(quantity)
                why = Missing.NOT_REPORTED if value is None else None
                yield Reading(self.name, scope + quantity, QUANTITIES[quantity][0], at, value, why)

    def _read(self, name: str) -> dict[str, float]:
        from httpx import HTTPError

        try:
            with self._clients[name].stream("GET", self._servers[name].url) as answer:
                page = _begin(answer.iter_bytes())
        except HTTPError:
            return {}
        return known_quantities(page.decode("utf-8", "replace")) if answer.is_success else {}

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients, self._known = {}, {}
