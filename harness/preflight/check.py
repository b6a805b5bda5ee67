"""The preflight of one server, of whichever kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from ..backends import BACKENDS
from ..client.event_loop import new_event_loop
from ..design import Value
from ..errors import Unavailable
from ..protocols import EngineFailed, capability_for
from .findings import Preflight
from .ollama import ollama
from .openai import openai

PREFLIGHTS: dict[str, Callable[[str, Mapping[str, Value]], Awaitable[Preflight]]] = {
    "openai_http": openai,
    "ollama": ollama,
}
"""By backend: those whose server somebody else runs."""


def preflight(backend: str, model: str, settings: Mapping[str, Value]) -> Preflight:
    """Asks the server that ``settings`` (of the engine) lead to, for ``model`` where it serves several.

    Raises ``Unavailable`` with one line where it cannot be measured; then nothing may be recorded.
    """
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(_ask(backend, model, settings))
    except EngineFailed as error:
        raise Unavailable(str(error)) from None


def reachable(backend: str, settings: Mapping[str, Value]) -> str:
    """Why the server that ``settings`` lead to cannot be reached now; empty where it can."""
    found = capability_for(BACKENDS.load(backend), settings)
    return "" if found.available else found.reason


async def _ask(backend: str, model: str, settings: Mapping[str, Value]) -> Preflight:
    return await PREFLIGHTS[backend](model, settings)
