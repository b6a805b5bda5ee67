"""Calls that are not measured: what a server says about itself."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import httpx

from ..outcomes import Code, failed
from ..protocols import EngineFailed
from .exchange import Target
from .json_records import BadRecord, Record, parse


class Control:
    """Questions to one server over httpx: no proxies from the environment, no redirects, strict JSON."""

    def __init__(self, base_url: str, timeout_s: float = 30.0, headers: Mapping[str, str] | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._client = httpx.AsyncClient(
            base_url=self.base_url, timeout=timeout_s, trust_env=False, follow_redirects=False, headers=headers
        )

    async def get(self, path: str) -> Record:
        """The JSON object at ``path``. Raises ``EngineFailed``."""
        return await self._ask("GET", path, None)

    async def post(self, path: str, body: Mapping[str, object]) -> Record:
        """The JSON object that answers ``body``. Raises ``EngineFailed``."""
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: Mapping[str, object] | None) -> Record:
        where = f"{method} {self.base_url}{path}"
        try:
            answer = await self._client.request(method, path, json=body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {str(error) or type(error).__name__}")) from None
        if answer.status_code != 200:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {answer.status_code} {answer.text[:200]}"))
        try:
            return parse(answer.content)
        except BadRecord as error:
            raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{where}: {error}")) from None

    async def close(self) -> None:
        await self._client.aclose()


async def target(base_url: str, path: str, headers: tuple[tuple[str, str], ...] = ()) -> Target:
    """Where the streaming client sends: the name is looked up here, once. Raises ``EngineFailed``."""
    try:
        parts = urlsplit(base_url)
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        named = parts.netloc.rpartition("@")[2].encode("ascii").decode()
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise EngineFailed(failed(Code.ENGINE_REFUSED, f"{base_url}: {error}")) from None
    return Target(str(found[0][4][0]), port, quote(parts.path.rstrip("/"), "/%") + path, named, headers, tls)
