"""Takes credentials out of what a worker says before anything is recorded: a server may repeat them in its answers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from ..backends.openai.address import ADDRESS, HEADERS, KEY

KEY_VARIABLES = (KEY, "OPENAI_API_KEY")
ADDRESS_VARIABLES = (ADDRESS, "OPENAI_BASE_URL", "OLLAMA_HOST")
REMOVED = "[removed]"
SHORTEST = 4
"""A shorter secret is no secret, and taking it out would garble what is recorded."""


def secrets(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Every credential that this process holds, the longest first."""
    found = set(_secrets(os.environ if environment is None else environment))
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True))


def redacted(line: bytes, known: tuple[str, ...]) -> bytes:
    """A line of JSON without the credentials ``known``, however JSON writes them."""
    for secret in known:
        for ascii_only in (True, False):
            written = json.dumps(secret, ensure_ascii=ascii_only)[1:-1].encode()
            line = line.replace(written, REMOVED.encode())
    return line


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    yield from filter(None, (environment.get(name, "") for name in KEY_VARIABLES))
    yield from _headers(environment.get(HEADERS, ""))
    for name in ADDRESS_VARIABLES:
        yield from userinfo(environment.get(name, ""))


def _headers(text: str) -> Iterator[str]:
    try:
        headers = json.loads(text or "{}")
    except ValueError:
        return
    for value in headers.values() if isinstance(headers, dict) else ():
        yield str(value)
        yield str(value).rpartition(" ")[2]


def userinfo(address: str) -> Iterator[str]:
    """The password in an address, as it is and as it is meant, and both parts with their colon."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        password = parts.password
    except ValueError:
        return
    if password:
        yield f"{parts.username}:{password}"
        yield from {password, unquote(password)}
