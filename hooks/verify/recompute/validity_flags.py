"""Counts the runs that carry a flag again, from the sealed table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..reader.dataset import USABLE


def flagged(kept: Iterable[Mapping[str, Any]], flag: str) -> int:
    """How many usable runs carry ``flag``."""
    return sum(row["outcome"] in USABLE and flag in json.loads(row["flags"] or "{}") for row in kept)
