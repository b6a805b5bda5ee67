"""One request to make, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from ..events import Phase


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds allowed to connect, to the first byte, between chunks, and for a whole request."""

    connect_s: float = 5.0
    first_byte_s: float = 30.0
    gap_s: float = 10.0
    total_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to make. ``planned_ns`` is absolute (``time.monotonic_ns``); ``0`` means now.

    ``server`` names the server that is asked, where a run has several.
    """

    index: int
    phase: Phase
    prompt_id: str
    text: str
    max_tokens: int
    seed: int
    temperature: float = 0.8
    ignore_eos: bool = True
    cache_prompt: bool = False
    stream: int = 0
    server: str = ""
    planned_ns: int = 0
    deadlines: Deadlines = Deadlines()
