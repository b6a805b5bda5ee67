"""The first request, before anything is recorded: is the server there, which model answers, what does it count?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

from ..backends import BACKENDS
from ..client.event_loop import new_event_loop
from ..design import Value
from ..errors import Unavailable
from ..events import Phase, Request, Started
from ..models import served_model
from ..outcomes import Code
from ..protocols import Backend, Call, Deadlines, EngineFailed
from .destination import Destination

WORDS = 64
ASKED_TOKENS = 8
_DEADLINES = Deadlines(first_byte_s=120.0, total_s=180.0)
ENDPOINTS = ("chat", "completions")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answered: ``destination`` with the model as the server names it and the settings that it took.

    ``tokens_per_word`` is what it counted of the prompt that it was sent, 1.0 where it counts nothing.
    """

    destination: Destination
    started: Started
    answer: Request
    tokens_per_word: float
    seconds: float

    def lines(self) -> Iterator[str]:
        """What was found, for people."""
        said = {name: value for name, value in self.started.effective.items() if value is not None}
        engine = " ".join(filter(None, (self.started.engine, self.started.engine_version)))
        yield f"{self.destination.model.name} answers ({engine}, {self.seconds:.1f} s)"
        shown = ", ".join(f"{name} {value}" for name, value in said.items() if len(str(value)) <= 40)
        yield f"reported: {shown or 'nothing'}"
        counted = self.answer.counters
        chunks, tokens = len(self.answer.tokens), sum(self.answer.tokens)
        usage = "counts tokens" if counted.predicted_n is not None else "counts no tokens: rates rest on chunks"
        yield f"streams {chunks} chunks of {tokens} tokens; {usage}"


def contact(found: Destination) -> Contact:
    """Asks once. Raises ``Unavailable`` in one line where the server cannot be measured."""
    began = monotonic()
    endpoints: tuple[str, ...] = ENDPOINTS if found.backend == "openai_http" else ("",)
    failure = ""
    for endpoint in endpoints:
        settings: dict[str, Value] = {**found.settings, **({"endpoint": endpoint} if endpoint else {})}
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            started, answer = runner.run(_ask(found, settings))
        if answer.outcome.usable:
            return _contact(replace(found, settings=settings), started, answer, monotonic() - began)
        failure = failure or f"{found.shown}: {answer.outcome.code}: {answer.outcome.detail}"
        if answer.outcome.code is not Code.HTTP_STATUS:
            break
    raise Unavailable(f"{' '.join(failure.split())}; nothing was recorded")


async def _ask(found: Destination, settings: dict[str, Value]) -> tuple[Started, Request]:
    kind: type[Backend] = BACKENDS.load(found.backend)
    capability = kind.capability()
    if not capability.available:
        raise Unavailable(f"{' '.join(capability.reason.split())}; nothing was recorded")
    engine = kind()
    call = Call(0, Phase.COLD, "contact", _text(), ASKED_TOKENS, seed=42, deadlines=_DEADLINES)
    try:
        started = await engine.start(found.model, settings)
        return started, await engine.request(call)
    except EngineFailed as error:
        raise Unavailable(_one_line(found, error)) from None
    finally:
        await engine.stop()


def _text() -> str:
    return " ".join(["the"] * WORDS)


def _one_line(found: Destination, error: EngineFailed) -> str:
    said = " ".join(error.outcome.detail.split())
    if error.outcome.code is Code.MODEL_MISSING and found.backend == "openai_http":
        said = f"{found.shown}: {said.partition('; set served_model')[0]}; name the one to measure with --model"
    return f"{said}; nothing was recorded"


def _contact(found: Destination, started: Started, answer: Request, seconds: float) -> Contact:
    served = started.effective.get("served_model")
    if isinstance(served, str) and served:
        found = replace(found, model=served_model(served), settings={**found.settings, "served_model": served})
    counted = answer.counters.prompt_n
    per_word = (counted + (answer.counters.cache_n or 0)) / WORDS if counted else 1.0
    return Contact(found, started, answer, max(0.25, per_word), seconds)
