"""What an exception of an in-process engine means as an outcome."""

from __future__ import annotations

import re

from ...outcomes import Code, Outcome, failed
from ...protocols import EngineFailed

_MEMORY = (
    "can't allocate memory",
    "out of memory",
    "failed to allocate",
    "unable to allocate",
    "bad_alloc",
    "mem_buffer != null",
)


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def cause_of(error: BaseException) -> str:
    """The first line of the exception that an exception comes from, without the colours of a terminal."""
    while error.__cause__ is not None:
        error = error.__cause__
    return _first_line(error)


def _first_line(error: BaseException) -> str:
    lines = _COLOURS.sub("", str(error)).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no message'}"


def out_of_memory(words: str) -> bool:
    """Whether an engine's words say that memory ran out."""
    return any(word in words.lower() for word in _MEMORY)


def outcome_of(error: Exception) -> Outcome:
    """Out of memory however an engine words it; anything else is the engine's refusal, with its first line."""
    if isinstance(error, EngineFailed):
        return error.outcome
    exhausted = isinstance(error, MemoryError) or out_of_memory(str(error))
    return failed(Code.OUT_OF_MEMORY if exhausted else Code.ENGINE_REFUSED, _first_line(error))
