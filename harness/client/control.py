"""Calls that are not measured: what a server says about itself."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from ..outcomes import Code, failed
from ..protocols import EngineFailed
from .json_records import BadRecord, Record, parse
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
