"""The content security policy that each page states and obeys: nothing from another host, no unknown script."""

from __future__ import annotations

import base64
import hashlib
import re

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype=["']?(?P<type>[^"'\s>]+)""")
_RUNS = frozenset({"module", "text/javascript", "application/javascript"})
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def policy(page: str, *, live: bool = False) -> str:
    """The policy for a page: its own inline scripts by hash. ``live`` allows the script that a server injects."""
    inline = "'unsafe-inline'" if live else " ".join(f"'sha256-{_hash(body)}'" for body in _inline(page))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {inline}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def with_policy(page: str, *, live: bool = False) -> str:
    """The page with its policy as the first element of its head."""
    stated = f'<meta http-equiv="Content-Security-Policy" content="{policy(page, live=live)}">'
    return _HEAD.sub(lambda head: head[0] + stated, page, count=1)


def _inline(page: str) -> list[str]:
    scripts = {found["body"] for found in _INLINE.finditer(page) if _is_run(found["attributes"])}
    return sorted(scripts)


def _is_run(attributes: str) -> bool:
    found = _TYPE.search(attributes)
    return found is None or found["type"] in _RUNS


def _hash(body: str) -> str:
    return base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
