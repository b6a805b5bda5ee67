"""Canonical JSON, and the digest of it."""

from __future__ import annotations

import hashlib
import json

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(data: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; refuses NaN and infinities (``ValueError``)."""
    return _ENCODER.encode(data).encode()


def sha256(data: object) -> str:
    return hashlib.sha256(canonical_json(data)).hexdigest()
