"""Calls that are not measured, and where measured ones go: a name is looked up once, before anything is measured."""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx

from ..outcomes import Code, failed
from ..protocols import EngineFailed
from .exchange import Target
from .json_records import BadRecord, Record, parse
from .shown_address import parts_shown
from .tls import tls_context

MOST_BYTES = 8 << 20
"""Of an answer that is no stream."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400 and "location" in self.headers


class Control:
    """Questions to one server over httpx: no proxies from the environment, no redirects, strict JSON.

    ``base_url`` may carry a query (``?api-version=1``), which every call then has. An answer is whole within
    ``timeout_s`` and has ``MOST_BYTES`` at most.
    """

    def __init__(self, base_url: str, timeout_s: float = 30.0, headers: Mapping[str, str] | None = None) -> None:
        self.base_url, _, self._query = base_url.partition("?")
        self.base_url = self.base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            timeout=timeout_s,
            trust_env=False,
            follow_redirects=False,
            headers={**(headers or {}), "Accept-Encoding": "identity"},
            verify=tls_context(),
        )

    async def get(self, path: str) -> Record:
        """The JSON object at ``path``. Raises ``EngineFailed``."""
        return self._record("GET", path, await self.ask("GET", path))

    async def post(self, path: str, body: Mapping[str, object]) -> Record:
        """The JSON object that answers ``body``. Raises ``EngineFailed``."""
        return self._record("POST", path, await self.ask("POST", path, body))

    async def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        """The answer, whatever its status. Raises ``EngineFailed`` where none came."""
        url = f"{self.base_url}{path}{self._query and '?'}{self._query}"
        try:
            async with asyncio.timeout(self._timeout_s), self._client.stream(method, url, json=body) as answer:
                found = bytearray()
                async for piece in answer.aiter_raw():
                    found += piece
                    if len(found) > MOST_BYTES:
                        break
                whole = _plain(bytes(found), answer.headers.get("content-encoding", ""))
                return Answer(answer.status_code, answer.headers, whole)
        except TimeoutError:
            why = f"no whole answer came within {self._timeout_s:g} s"
        except httpx.ConnectError as error:
            why = f"{error}; start it, or correct the address"
        except (httpx.HTTPError, httpx.InvalidURL, zlib.error, ValueError) as error:
            why = str(error) or type(error).__name__
        raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{method} {self.base_url}{path}: {why}"))

    def _record(self, method: str, path: str, answer: Answer) -> Record:
        where = f"{method} {self.base_url}{path}"
        if answer.status != 200:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {answer.status} {answer.text[:200]}"))
        try:
            return parse(answer.body)
        except BadRecord as error:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {error}")) from None

    async def close(self) -> None:
        await self._client.aclose()


def _plain(body: bytes, coding: str) -> bytes:
    """A body without the coding that a server gave it unasked. Raises ``ValueError`` and ``zlib.error``."""
    coding = coding.strip().lower()
    if coding in ("gzip", "x-gzip", "deflate"):
        body = zlib.decompressobj(_EITHER_HEAD).decompress(body, MOST_BYTES + 1)
    elif coding not in ("", "identity"):
        raise ValueError(f"asked for identity, the server sent {coding[:40]}")
    if len(body) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES >> 20} MiB came, which no answer to this has")
    return body


_EITHER_HEAD = zlib.MAX_WBITS | 32
"""That of gzip or that of zlib."""


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
        raise EngineFailed(
            failed(Code.ENGINE_REFUSED, f"{parts_shown(base_url)}: {error}; correct the address")
        ) from None
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
