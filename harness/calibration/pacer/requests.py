"""The little HTTP that the pacer must understand: a request line, a length, a body to skip."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Received:
    """One complete request: its path, query and whether the peer wants the connection closed after it."""

    path: str
    query: dict[str, str]
    close: bool


def take_request(data: bytes) -> tuple[Received | None, bytes]:
    """The first complete request of ``data`` and what follows it; ``None`` while it is incomplete.

    Raises ``ValueError`` for anything that is not HTTP/1.1 as our clients speak it.
    """
    head, blank, rest = data.partition(b"\r\n\r\n")
    if not blank:
        return None, data
    first, *lines = head.decode("latin-1").split("\r\n")
    _method, target, _version = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    if len(rest) < length:
        return None, data
    split = urlsplit(target)
    close = headers.get("connection", "").lower() == "close"
    return Received(split.path, dict(parse_qsl(split.query)), close), rest[length:]
