"""Where a server tells its own metrics."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def metrics_url(base_url: str) -> str:
    """The page of metrics of a server with this base URL: at its root, whatever the path of its API."""
    parts = urlsplit(base_url)
    return urlunsplit((parts.scheme, parts.netloc, "/metrics", "", ""))
