"""Latency limits that goodput holds requests to: the settings ``slo.ttft_ms``, ``slo.tpot_ms`` and so on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

from pydantic import with_config

from ..errors import UsageError
from .factor import Value
from .load import STRICT, Positive
from .parsed import parsed
from .scope import scoped

SCOPE = "slo"


@with_config(STRICT)
@dataclass(frozen=True, slots=True)
class Limits:
    """The longest time to first token, time per output token, gap between tokens and whole latency of a request, in
    milliseconds; ``None`` where it has no limit."""

    ttft_ms: Positive | None = None
    tpot_ms: Positive | None = None
    itl_ms: Positive | None = None
    e2e_ms: Positive | None = None

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return any(limit is not None for limit in astuple(self))


def limits_of(settings: Mapping[str, Value]) -> Limits:
    """The limits that the settings of a run set. Raises ``StudyError``."""
    return parsed(Limits, scoped(settings, SCOPE, ()), "a latency limit")


def read_limits(text: str) -> dict[str, Value]:
    """``ttft=200,itl=50`` as settings. Raises ``UsageError``."""
    known = [field.name.removesuffix("_ms") for field in fields(Limits)]
    found: dict[str, Value] = {}
    for part in text.split(","):
        name, equals, limit = part.strip().partition("=")
        try:
            milliseconds = float(limit)
        except ValueError:
            milliseconds = 0.0
        if name not in known or not equals or not 0 < milliseconds < float("inf"):
            raise UsageError(
                f"--slo {part.strip()!r} is no limit; write such as ttft=200,itl=50 (milliseconds; {', '.join(known)})"
            )
        if f"{SCOPE}.{name}_ms" in found:
            raise UsageError(f"--slo limits {name} twice; keep one of them")
        found[f"{SCOPE}.{name}_ms"] = milliseconds
    return found
