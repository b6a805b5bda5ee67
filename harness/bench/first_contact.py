"""The first requests, before anything is recorded: is the server there, which model answers, what does it count?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from ..backends import BACKENDS
from ..backends.openai.address import HOW
from ..client.event_loop import new_event_loop
from ..design import Value
from ..errors import ServerBusy, Unavailable
from ..events import Phase, Request, Started
from ..models import served_model
from ..outcomes import PROMPT_TOTAL, RETRY_AFTER_S, Code
from ..preflight import PREFLIGHTS, Finding, Level, preflight, reachable
from ..protocols import Backend, Call, Deadlines, EngineFailed, Negotiated
from ..workload.requests import unique_prefix
from .destination import Destination
from .prompt_count import ASKED, PromptCount, learn

ASKED_TOKENS, MANY_TOKENS = 8, 512
"""Asked for at first, and where all of those were spent unseen."""
MOST_ATTEMPTS, USUAL_WAIT_S, LONGEST_WAIT_S = 4, 0.5, 30.0
_DEADLINES = Deadlines(first_byte_s=120.0, total_s=180.0)
_ENDPOINTS = ("chat", "completions")
"""Of an OpenAI-compatible server, in the order in which they are tried: most of its clients chat."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answered: ``destination`` with the model as the server names it and the settings that it took.

    ``counted`` is how it counts prompts, where that was asked; ``findings`` are those of the preflight of a server that
    somebody else runs.
    """

    destination: Destination
    started: Started
    answer: Request
    counted: PromptCount | None
    seconds: float
    findings: tuple[Finding, ...] = ()

    def lines(self) -> Iterator[str]:
        """What was found, for people."""
        said = {name: value for name, value in self.started.effective.items() if value is not None}
        engine = " ".join(filter(None, (self.started.engine, self.started.engine_version)))
        yield f"{self.destination.model.name} answers ({engine}, {self.seconds:.1f} s)"
        shown = ", ".join(f"{name} {value}" for name, value in said.items() if len(str(value)) <= 40)
        yield f"reported: {shown or 'nothing'}"
        chunks, tokens = len(self.answer.tokens), sum(self.answer.tokens)
        known = self.answer.counters.predicted_n is not None
        usage = "counts tokens" if known else "counts no tokens: rates rest on chunks"
        yield f"streams {chunks} chunks of {tokens} tokens; {usage}"
        if self.counted is not None:
            yield self.counted.line()
        for finding in self.findings:
            if finding.level is not Level.FOUND:
                yield f"{finding.topic}: {finding.text}"


def contact(found: Destination, *, drawn: bool = True) -> Contact:
    """Asks it; where prompts are ``drawn``, also how it counts them.

    Raises ``Unavailable`` in one line where the server cannot be measured.
    """
    began = monotonic()
    why = reachable(found.backend, found.settings)
    if why:
        raise Unavailable(f"{_in_options(found, ' '.join(why.split()))}; nothing was recorded")
    found, agreed, findings = _agreed(found)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        started, answer, counted = runner.run(_ask(found, agreed, drawn=drawn))
    if not answer.outcome.usable or not answer.tokens:
        said = " ".join(answer.outcome.detail.split())
        raise Unavailable(f"{found.shown}: {answer.outcome.code}: {said}; nothing was recorded")
    served = started.effective.get("served_model")
    if isinstance(served, str) and served:
        found = replace(found, model=served_model(served), settings={**found.settings, "served_model": served})
    return Contact(found, started, answer, counted, monotonic() - began, findings)


def _agreed(found: Destination) -> tuple[Destination, Mapping[str, Value], tuple[Finding, ...]]:
    """``found`` with the endpoint that streams, what the server accepts there and what was found of it."""
    if found.backend not in PREFLIGHTS:
        return found, {}, ()
    failures: list[str] = []
    for endpoint in _ENDPOINTS if found.backend == "openai_http" else ("",):
        settings: dict[str, Value] = {**found.settings, **({"endpoint": endpoint} if endpoint else {})}
        try:
            asked = preflight(found.backend, found.model.name, settings)
        except ServerBusy as error:
            raise Unavailable(f"{' '.join(str(error).split())}; nothing was recorded") from None
        except Unavailable as error:
            failures.append(_in_options(found, " ".join(str(error).split())))
        else:
            return replace(found, settings=settings), asked.agreed, asked.findings
    same = len({said.replace("/chat/completions", "/completions") for said in failures}) == 1
    raise Unavailable(f"{failures[0] if same else '; '.join(failures)}; nothing was recorded")


def _in_options(found: Destination, said: str) -> str:
    """A failure in the words of the command line: a setting is an option there."""
    said = said.replace(f"; start it, or {HOW}", "; start it, or correct the address")
    if "CERTIFICATE_VERIFY_FAILED" in said:
        said = said.replace("; start it, or correct the address", "; trust who signed it with --ca-file")
    said = said.replace("; set the key", "; put the key into OPENAI_API_KEY, or send it with --header")
    before, named, _ = said.partition("; set served_model")
    if not named:
        return said
    where = "" if before.startswith(found.shown) else f"{found.shown}: "
    return f"{where}{before}; name the one to measure with --model"


async def _ask(
    found: Destination, agreed: Mapping[str, Value], *, drawn: bool
) -> tuple[Started, Request, PromptCount | None]:
    kind: type[Backend] = BACKENDS.load(found.backend)
    engine = kind()
    if isinstance(engine, Negotiated) and agreed:
        engine.agreed = agreed
    try:
        started = await engine.start(found.model, found.settings)
        return started, *await _first_answers(engine, drawn=drawn)
    except EngineFailed as error:
        said = _in_options(found, " ".join(error.outcome.detail.split()))
        raise Unavailable(f"{said}; nothing was recorded") from None
    finally:
        await engine.stop()


async def _first_answers(engine: Backend, *, drawn: bool) -> tuple[Request, PromptCount | None]:
    """One answer, and how prompts are counted. A model that spent its tokens unseen is asked for more."""
    answer = await _answered(engine, ASKED)
    if answer.outcome.code is Code.NO_TOKENS and answer.counters.predicted_n:
        answer = await _answered(engine, ASKED, MANY_TOKENS)

    async def count(words: Sequence[str]) -> int | None:
        return _prompt_tokens(await _answered(engine, words))

    return answer, await learn(count, _prompt_tokens(answer)) if drawn else None


async def _answered(engine: Backend, words: Sequence[str], max_tokens: int = ASKED_TOKENS) -> Request:
    """The answer to a prompt like those that are measured. A server that refuses one request may take the next."""
    text = f"{unique_prefix('contact', 0)}{' '.join(words)}"
    call = Call(0, Phase.COLD, "contact", text, max_tokens, seed=42, deadlines=_DEADLINES)
    for _ in range(MOST_ATTEMPTS - 1):
        answer = await engine.request(call)
        if answer.outcome.code is not Code.HTTP_STATUS:
            return answer
        asked = answer.effective.get(RETRY_AFTER_S)
        await asyncio.sleep(min(asked if isinstance(asked, float) else USUAL_WAIT_S, LONGEST_WAIT_S))
    return await engine.request(call)


def _prompt_tokens(answer: Request) -> int | None:
    """All tokens of the prompt, from a cache or not; ``None`` where the engine tells none."""
    evaluated, cached = answer.counters.prompt_n, answer.counters.cache_n
    if evaluated is not None and cached is not None:
        return evaluated + cached
    total = answer.effective.get(PROMPT_TOTAL)
    return total if isinstance(total, int) else None
