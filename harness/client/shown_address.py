"""An address as it may be shown and recorded."""

from __future__ import annotations


def parts_shown(url: str) -> str:
    """``url`` without a name, a password or a query, which may hold a key."""
    head, slashes, rest = url.partition("?")[0].partition("://")
    authority, slash, path = rest.partition("/")
    return f"{head}{slashes}{authority.rpartition('@')[2]}{slash}{path}" if slashes else head.rpartition("@")[2]
