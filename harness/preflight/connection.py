"""Findings about the way to a server: its address, redirects, proxies and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ..backends.openai.address import headers
from ..client.control import target
from ..client.shown_address import parts_shown
from ..client.tls import unverified
from .findings import Finding, Level, Topic


async def connection_findings(url: str, base: str, candidates: Sequence[str]) -> list[Finding]:
    """``url`` is what was asked for, ``base`` what is used, ``candidates`` what the address may have meant."""
    shown, reached = parts_shown(base), await target(base, "")
    parts = urlsplit(base)
    where = shown if reached.host == parts.hostname else f"{shown} at {reached.host}"
    same = parts_shown(url).rstrip("/") == shown
    found = [Finding(Topic.ADDRESS, Level.FOUND if same else Level.ADAPTED, where)]
    if base not in candidates:
        found.append(Finding(Topic.REDIRECT, Level.ADAPTED, f"{parts_shown(url)} redirects to {shown}"))
    found += proxy_findings(base)
    if parts.scheme == "https":
        level, said = (Level.WARNING, "not verified, as asked") if unverified() else (Level.FOUND, "verified")
        found.append(Finding(Topic.TLS, level, f"the certificate is {said}"))
    if sent := [name for name, _ in headers()]:
        found.append(Finding(Topic.AUTHENTICATION, Level.FOUND, f"sends {', '.join(sent)}, never recorded"))
    return found


def proxy_findings(url: str) -> list[Finding]:
    """Whether the environment names a proxy for ``url``: measured connections go past it."""
    parts = urlsplit(url)
    proxies = getproxies()
    named = proxies.get(parts.scheme) or proxies.get("all")
    if not named or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return []
    text = f"the environment names {parts_shown(named)}; requests are measured without it"
    return [Finding(Topic.PROXY, Level.WARNING, text)]
