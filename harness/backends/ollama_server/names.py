"""Where Ollama listens, and how it names models."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

_REACHABLE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 read, not listened on
"""Where to reach a server that listens everywhere."""

_PREFIXES = ("registry.ollama.ai/", "library/")


def server_url() -> str:
    """Where the environment says that Ollama listens."""
    return host_url(os.environ.get("OLLAMA_HOST", ""))


def host_url(host: str) -> str:
    """``OLLAMA_HOST`` as Ollama itself reads it: scheme, host and port are each optional; a bad port is ignored."""
    scheme, found, rest = host.strip(" \"'").rpartition("://")
    bare_ipv6 = rest.count(":") > 1 and "[" not in rest
    parts = urlsplit(f"//[{rest}]" if bare_ipv6 else f"//{rest}")
    try:
        port = parts.port
    except ValueError:
        port = None
    name = _REACHABLE.get(parts.hostname or "", parts.hostname)
    port = port or {"": 11434, "http": 80, "https": 443}.get(scheme, 11434)
    return f"{scheme if found else 'http'}://{f'[{name}]' if ':' in str(name) else name}:{port}{parts.path.rstrip('/')}"


def full_name(tag: str) -> str:
    """The one name of what Ollama answers to under several: ``Library/Gemma3`` is ``gemma3:latest``."""
    name = tag.lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"
