"""What an exception of an in-process engine means as an outcome."""

from __future__ import annotations

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


def out_of_memory(words: str) -> bool:
    """Whether an engine's words say that memory ran out."""
    return any(word in words.lower() for word in _MEMORY)


def outcome_of(error: Exception) -> Outcome:
    """Out of memory however an engine words it; anything else is the engine's refusal, with its first line."""
    if isinstance(error, EngineFailed):
        return error.outcome
    lines = str(error).strip().splitlines()
    detail = f"{type(error).__name__}: {lines[0] if lines else 'no message'}"
    exhausted = isinstance(error, MemoryError) or out_of_memory(str(error))
    return failed(Code.OUT_OF_MEMORY if exhausted else Code.ENGINE_REFUSED, detail)
