"""Where the streaming client sends: a name is looked up once, before anything is measured."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from urllib.parse import quote, urlsplit

from ..outcomes import Code, failed
from ..protocols import EngineFailed
from .exchange import Target

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


def parts_shown(url: str) -> str:
    """``url`` without a name, a password or a query, which may hold a key."""
    head, slashes, rest = url.partition("?")[0].partition("://")
    authority, slash, path = rest.partition("/")
    return f"{head}{slashes}{authority.rpartition('@')[2]}{slash}{path}" if slashes else head.rpartition("@")[2]
