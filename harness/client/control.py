"""Calls that are not measured, and where measured ones go: a name is looked up once, before anything is measured."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import quote, urlsplit

import httpx

from ..outcomes import Code, failed
from ..protocols import EngineFailed
from .exchange import Target
from .json_records import BadRecord, Record, parse
from .shown_address import parts_shown
from .tls import tls_context


class Control:
    """Questions to one server over httpx: no proxies from the environment, no redirects, strict JSON.

    ``base_url`` may carry a query (``?api-version=1``), which every call then has.
    """

    def __init__(self, base_url: str, timeout_s: float = 30.0, headers: Mapping[str, str] | None = None) -> None:
        self.base_url, _, self._query = base_url.partition("?")
        self.base_url = self.base_url.rstrip("/")
        self._client = httpx.AsyncClient(
            timeout=timeout_s, trust_env=False, follow_redirects=False, headers=headers, verify=tls_context()
        )

    async def get(self, path: str) -> Record:
        """The JSON object at ``path``. Raises ``EngineFailed``."""
        return self._record(path, await self.ask("GET", path))

    async def post(self, path: str, body: Mapping[str, object]) -> Record:
        """The JSON object that answers ``body``. Raises ``EngineFailed``."""
        return self._record(path, await self.ask("POST", path, body))

    async def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> httpx.Response:
        """The answer, whatever its status. Raises ``EngineFailed`` where none came."""
        try:
            url = f"{self.base_url}{path}{self._query and '?'}{self._query}"
            return await self._client.request(method, url, json=body)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            detail = f"{method} {self.base_url}{path}: {str(error) or type(error).__name__}"
            raise EngineFailed(failed(Code.ENGINE_REFUSED, detail)) from None

    def _record(self, path: str, answer: httpx.Response) -> Record:
        where = f"{answer.request.method} {self.base_url}{path}"
        if answer.status_code != 200:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {answer.status_code} {answer.text[:200]}"))
        try:
            return parse(answer.content)
        except BadRecord as error:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {error}")) from None

    async def close(self) -> None:
        await self._client.aclose()


_CONNECT_S = 3.0


async def target(base_url: str, path: str, headers: tuple[tuple[str, str], ...] = ()) -> Target:
    """The target at ``path`` under ``base_url``, at the first of its addresses that takes a connection.

    ``localhost`` is often ``::1`` first while its server listens on ``127.0.0.1`` alone. Where no address takes one,
    the first is kept, and the request will say why. Raises ``EngineFailed`` for a name that has none.
    """
    try:
        parts = urlsplit(base_url)
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        named = parts.netloc.rpartition("@")[2].encode("ascii").decode()
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{parts_shown(base_url)}: {error}")) from None
    hosts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    query = f"?{quote(parts.query, '=&%+,:/')}" if parts.query else ""
    where = quote(parts.path.rstrip("/"), "/%") + path + query
    return Target(await _reachable(hosts, port), port, where, named, headers, tls)


async def _reachable(hosts: list[str], port: int) -> str:
    for host in hosts if len(hosts) > 1 else ():
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_CONNECT_S):
                _, writer = await asyncio.open_connection(host, port)
            writer.close()
            return host
    return hosts[0]
