"""What ``summary.json`` says of each report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .plain_files import is_plain
from .site import Site

SUMMARY = "summary.json"
Told = Mapping[str, Any]


def told(site: Site) -> tuple[Told, ...]:
    """The entry of each report; none where the file is absent or cannot be read, which another check says."""
    return site.once(SUMMARY, lambda: _read(site))


def _read(site: Site) -> tuple[Told, ...]:
    path = site.root / SUMMARY
    try:
        found = json.loads(path.read_bytes())["reports"] if is_plain(path) else []
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    return tuple(one for one in found if isinstance(one, dict) and isinstance(one.get("page"), str))
