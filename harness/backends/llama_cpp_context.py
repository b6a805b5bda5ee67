"""How a request ends at the end of llama.cpp's context: refused, cut short, or answered with a part forgotten."""

from __future__ import annotations

from ..events import Request
from ..outcomes import OK, Code, Outcome, degraded, failed
from .llama_cpp_wire import TRUNCATED

REFUSED = "exceed_context_size_error"
"""The engine's own name for a prompt that does not fit."""


def at_the_end(request: Request, asked: int) -> Outcome:
    """The outcome of a request for ``asked`` tokens. What ended in another way keeps its outcome."""
    said = request.outcome
    if said.code is Code.HTTP_STATUS and REFUSED in said.detail:
        return failed(Code.CONTEXT_FULL, said.detail)
    if said != OK or request.effective.get(TRUNCATED) is not True:
        return said
    came = sum(request.tokens)
    if came < asked:
        return degraded(Code.CONTEXT_FULL, f"{came} of {asked} tokens came before the context was full")
    return degraded(Code.CONTEXT_SHIFTED, "the engine forgot the beginning of the text to go on")
