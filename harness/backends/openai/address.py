"""Where an OpenAI-compatible server is: base URLs as people write them, and the headers that every call has."""

from __future__ import annotations

import json
import os
import re
from urllib.parse import urlsplit

from ...client.shown_address import parts_shown
from ...outcomes import Code, unsupported
from ...protocols import EngineFailed

ADDRESS, KEY, HEADERS = "BINDERY_OPENAI_URL", "BINDERY_OPENAI_KEY", "BINDERY_OPENAI_HEADERS"
HOW = f"set {ADDRESS} to the address of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1"

ENDPOINTS = {"completions": "/completions", "chat": "/chat/completions"}

_VERSION = re.compile(r"/v\d+(?:(?:alpha|beta)\d*)?$")
_ENDPOINT = re.compile(r"/(?:chat/completions|completions|models)$")
OWN_HEADERS = frozenset(
    {"host", "connection", "content-length", "content-type", "transfer-encoding", "accept-encoding", "expect"}
)
"""Headers that the client writes itself: a second one would make another request."""
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def bases(url: str) -> tuple[str, ...]:
    """The base URLs, version included, that ``url`` may mean, the likeliest first; a query is kept.

    OpenAI's client takes the version as part of the base. Many people leave ``/v1`` away, and some name an endpoint.
    Raises ``EngineFailed`` for a URL that cannot be one, and for credentials in it, because settings are recorded.
    """
    address, mark, query = _checked(url).partition("?")
    address = _ENDPOINT.sub("", address.rstrip("/"))
    query = mark + query
    if _VERSION.search(address):
        return (address + query,)
    return (f"{address}/v1{query}", address + query)


def _checked(url: str) -> str:
    shown = parts_shown(url)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
        parts = urlsplit("")
    if not usable:
        raise _rejected(f"{shown or 'an empty text'} is no address; write it like http://127.0.0.1:8000/v1")
    if parts.username is not None or parts.password is not None:
        raise _rejected(f"the address of {shown} holds credentials, which would be recorded; put a key into {KEY}, "
                        f"or a header into {HEADERS}")  # fmt: skip
    return url.partition("#")[0].strip()


def headers() -> tuple[tuple[str, str], ...]:
    """The headers of the environment, the key first. Raises ``EngineFailed`` where one cannot be sent."""
    found = {}
    if key := os.environ.get(KEY, "") or "":
        found["Authorization"] = f"Bearer {key}"
    try:
        extra = json.loads(os.environ.get(HEADERS, "") or "{}")
    except ValueError:
        extra = None
    if not isinstance(extra, dict) or not all(isinstance(value, str) for value in extra.values()):
        raise _rejected(f"{HEADERS} is no JSON object of header names and values")
    for name, value in {**found, **extra}.items():
        if not HEADER_NAME.fullmatch(name) or not (value.isascii() and value.isprintable()):
            where = KEY if name in found and name not in extra else HEADERS
            raise _rejected(f"{where} has characters that a header cannot carry; set it anew")
        if name.lower() in OWN_HEADERS:
            raise _rejected(f"{HEADERS} has {name}, which the client writes itself; take it out")
    return tuple({**found, **extra}.items())


def _rejected(detail: str) -> EngineFailed:
    return EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
