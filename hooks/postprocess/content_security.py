"""The content security policy that each page states and obeys: nothing from another host, no unknown script.

The inline scripts that a page may run are a fixed list, those of the theme; a script that got into a page by any other
way is refused when the page is built, and its hash would not be stated either.
"""

from __future__ import annotations

import base64
import hashlib
import re

from harness.errors import UsageError

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(r"""\btype=["']?(?P<type>[^"'\s>]+)""")
_RUNS = frozenset({"module", "text/javascript", "application/javascript"})
THEME = frozenset(
    {
        "/8wPdzX9q0NNJXyA5lzsLojXFpkeaXVxhbfkUOQaWy8=",
        "/K9p2JtEqCycL2fSbEonMakkteWpAHv57x2wndLqMNo=",
        "/nhm8p50KJxvwWLggwJ1OF8Xgq5W/b3iKECITLASfOg=",
        "0GFu787/AB2fAMyxux7Dp8eiOR0gFInKosPAeAkszqQ=",
        "DrEMJJ29sL7vIloQzly+VUGMxKcBTMII+OfW7Y8AkG4=",
        "apoQPHefCNWjxbCm+HzVDOAW4CSVWhY7VylQjgOFyfk=",
        "exqRXrW/0laiImCrTE8a70vxyyY10FJVIppytLf/dbY=",
    }
)
"""SHA-256 (base64) of the inline scripts of Material for MkDocs: the color scheme, the chosen tab, and where the site
begins, which depends on how deep a page lies. After a new version of the theme the build names what is not here."""

_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


def policy(page: str, *, live: bool = False) -> str:
    """The policy for a page: which scripts of the theme it has. ``live`` allows the script that a server injects.

    Raises ``UsageError`` for any other inline script.
    """
    inline = "'unsafe-inline'" if live else " ".join(f"'sha256-{known}'" for known in map(_known, _inline(page)))
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


def _known(body: str) -> str:
    found = _hash(body)
    if found not in THEME:
        raise UsageError(
            f"an inline script that is not the theme's: {' '.join(body.split())[:60]!r} (sha256-{found}); remove it, "
            "or add it to hooks/postprocess/content_security.py where the theme has a new version"
        )
    return found


def _is_run(attributes: str) -> bool:
    found = _TYPE.search(attributes)
    return found is None or found["type"] in _RUNS


def _hash(body: str) -> str:
    return base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
