"""What of a design decides what is recorded, and what only decides how the recording is read."""

from __future__ import annotations

from collections.abc import Mapping

from ..canonical_json import sha256

READ_ONLY = ("primaries", "metrics", "sessions", "logit_limits")
"""Parts of a canonical design that change no run: what is concluded, what is computed, how many sessions are wanted,
how far logits may stray."""


def measured(design: Mapping[str, object]) -> dict[str, object]:
    """The parts of a canonical design that decide what is recorded."""
    return {name: part for name, part in design.items() if name not in READ_ONLY}


def measured_digest(design: Mapping[str, object]) -> str:
    """SHA-256 (hex) of those parts: recordings with the same one can stand in one version."""
    return sha256(measured(design))
