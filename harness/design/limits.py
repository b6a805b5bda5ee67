"""How long a request may take to count towards goodput: ``limit.ttft``, ``limit.tpot``, ``limit.e2e_latency``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pydantic import with_config

from .factor import Value
from .load import STRICT, Positive
from .parsed import parsed
from .scope import scoped


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Limits:
    """The most milliseconds of each metric; ``None`` for no limit."""

    ttft: Positive | None = None
    tpot: Positive | None = None
    e2e_latency: Positive | None = None


def limits_of(settings: Mapping[str, Value]) -> dict[str, float]:
    """The limits that ``settings`` set, by metric. Raises ``StudyError`` for one that is no limit."""
    found = parsed(Limits, scoped(settings, "limit", ()), "a limit")
    return {name: most for name, most in asdict(found).items() if most is not None}
