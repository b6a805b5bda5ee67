"""A backend around an ``Engine`` in this process: requests in threads, times on one clock, failures as outcomes.

There is no connection, so ``connect_ns`` is null, and a token has arrived when it is decided. Counters follow the
boundaries of the HTTP engines: ``prompt_ms`` ends when the first token is decided, ``predicted_ms`` spans the steps
after it. Without a cache every token takes a whole forward pass, no phase is apart, and ``predicted_ms`` is all.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic_ns
from typing import ClassVar, TypeVar, TypeVarTuple, Unpack

from ...design import Value
from ...events import Counters, Request, Scalar, Settings, Started
from ...models import Model
from ...outcomes import OK, Outcome
from ...protocols import Call, EngineFailed, Score
from ...protocols.settings_reader import SettingReader
from ...texts import SCORED_TOKENS
from .deadlines import late
from .engine import Decoding, Engine, Logits, Placed, Profiled
from .exceptions import outcome_of
from .phase_counters import Counting
from .reference import reference_logits
from .sampling import Sampler
from .scoring import score

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

STREAMS = 64
OWN = ("generation", "scored_tokens")


@dataclass(slots=True)
class _Generation:
    """What a request has produced so far; kept when it fails."""

    planned_ns: int
    sent_ns: int = 0
    prompt_n: int = 0
    compiled_s: float = 0.0
    stamps_ns: list[int] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    prompt_ms: float | None = None
    predicted_ms: float | None = None
    finish_reason: str | None = None
    evidence: dict[str, Scalar] = field(default_factory=dict)


class InProcess:
    """Settings: those of the engine, ``generation`` (``kv``, or ``uncached`` for a forward pass per token), and
    ``scored_tokens`` of the test text, where more of them shall be scored than usual."""

    SETTINGS: ClassVar[tuple[str, ...]] = OWN

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._counting = Counting(engine)
        self._threads: ThreadPoolExecutor | None = None
        self._cached = True
        self._model: Model
        self._scored = SCORED_TOKENS

    @property
    def engine_pid(self) -> int | None:
        """This process: engine and worker are one."""
        return os.getpid()

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        """Loads the model. Raises ``EngineFailed``."""
        own = SettingReader(self._engine.name, {k: v for k, v in settings.items() if k in OWN}, OWN)
        asked = {name: value for name, value in settings.items() if name not in OWN}
        generation = own.text("generation", "kv", ("kv", "uncached"))
        self._model, self._scored = model, own.whole("scored_tokens", 2) or SCORED_TOKENS
        self._cached = generation == "kv"
        self._threads = ThreadPoolExecutor(STREAMS, thread_name_prefix="generation")
        try:
            await self._in_thread(self._engine.prepare, model, asked)
            began = monotonic_ns()
            effective = await self._in_thread(self._engine.open, model)
        except EngineFailed:
            raise
        except Exception as error:  # whatever an engine raises is an outcome
            raise EngineFailed(outcome_of(error)) from error
        load_ns = monotonic_ns() - began
        return Started(self._engine.name, self._engine.version, load_ns, {**effective, "generation": generation})

    async def request(self, call: Call) -> Request:
        """One generation in a thread of its own."""
        if self._threads is None:
            raise RuntimeError("start() comes before request()")
        if call.planned_ns:
            await asyncio.sleep(max(0, call.planned_ns - monotonic_ns()) / 1e9)
        going = _Generation(call.planned_ns or monotonic_ns())
        outcome = await self._in_thread(self._attempt, call, going)
        return self._record(call, going, outcome)

    async def score(self) -> Score:
        """The accuracy of what is loaded, with what the engine counted meanwhile. Raises ``EngineFailed``."""
        return await self._in_thread(self._score)

    async def layers(self) -> Settings:
        """The time of the layers of what is loaded; empty where the engine cannot tell. Raises ``EngineFailed``."""
        engine = self._engine
        if not isinstance(engine, Profiled):
            return {}
        try:
            return await self._in_thread(engine.layers)
        except Exception as error:  # whatever an engine raises is an outcome
            raise EngineFailed(outcome_of(error)) from error

    def evidence(self) -> Settings:
        """The engine's counters since it was loaded."""
        return self._engine.evidence()

    async def stop(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None
            self._engine.close()

    def _score(self) -> Score:
        counted: dict[str, Scalar] = {}
        try:
            with self._counting.request(), self._counting.phase("scoring", counted):
                found = score(self._engine, partial(reference_logits, self._model), self._scored)
                if isinstance(self._engine, Placed):
                    counted |= self._engine.placement()
        except Exception as error:  # whatever an engine raises is an outcome
            raise EngineFailed(outcome_of(error)) from error
        return replace(found, evidence=counted)

    async def _in_thread(self, work: Callable[[Unpack[Ts]], T], *arguments: *Ts) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _attempt(self, call: Call, going: _Generation) -> Outcome:
        try:
            with self._counting.request():
                return self._generate(call, going)
        except Exception as error:  # noqa: BLE001 - whatever an engine raises is an outcome
            return outcome_of(error)

    def _generate(self, call: Call, going: _Generation) -> Outcome:
        going.compiled_s = self._compiled_s()
        going.sent_ns = monotonic_ns()
        prompt = self._engine.encode(call.text)
        going.prompt_n = len(prompt)
        sampler = Sampler(call.temperature, call.seed)
        if self._cached:
            return self._with_cache(call, going, prompt, sampler)
        return self._without_cache(call, going, prompt, sampler)

    def _with_cache(self, call: Call, going: _Generation, prompt: list[int], sampler: Sampler) -> Outcome:
        timer = self._engine.timer()
        with self._counting.phase("prefill", going.evidence):
            timer.start()
            decoding = self._engine.prefill(prompt)
            done = self._take(call, going, sampler.next(decoding.logits))
            going.prompt_ms = timer.elapsed_ms()
        with self._counting.phase("decode", going.evidence):
            timer.start()
            while (overdue := self._late(call, going)) is None and not done:
                done = self._step(call, going, decoding, sampler)
            going.predicted_ms = timer.elapsed_ms()
        return overdue or OK

    def _step(self, call: Call, going: _Generation, decoding: Decoding, sampler: Sampler) -> bool:
        decoding.step(going.tokens[-1])
        return self._take(call, going, sampler.next(decoding.logits))

    def _without_cache(self, call: Call, going: _Generation, prompt: list[int], sampler: Sampler) -> Outcome:
        timer = self._engine.timer()
        done, overdue = False, None
        with self._counting.phase("uncached", going.evidence):
            timer.start()
            while not done and overdue is None:
                logits: Logits = self._engine.logits([*prompt, *going.tokens])[-1]
                done = self._take(call, going, sampler.next(logits))
                overdue = self._late(call, going)
            going.predicted_ms = timer.elapsed_ms()
        return overdue or OK

    def _take(self, call: Call, going: _Generation, token: int) -> bool:
        """Stamps a token; whether it was the last."""
        going.stamps_ns.append(monotonic_ns())
        going.tokens.append(token)
        if token in self._engine.stops and not call.ignore_eos:
            going.finish_reason = "stop"
        elif len(going.tokens) >= call.max_tokens:
            going.finish_reason = "length"
        return going.finish_reason is not None

    def _late(self, call: Call, going: _Generation) -> Outcome | None:
        return late(call.deadlines, going.sent_ns, going.stamps_ns, lambda: self._compiled_s() - going.compiled_s)

    def _compiled_s(self) -> float:
        spent = self._engine.evidence().get("compile_s")
        return float(spent) if isinstance(spent, int | float) else 0.0

    def _record(self, call: Call, going: _Generation, outcome: Outcome) -> Request:
        planned = going.planned_ns
        arrivals = tuple(stamp - planned for stamp in going.stamps_ns)
        return Request(
            index=call.index,
            phase=call.phase,
            prompt_id=call.prompt_id,
            outcome=outcome,
            stream=call.stream,
            planned_ns=planned,
            sent_ns=going.sent_ns - planned,
            first_byte_ns=arrivals[0] if arrivals else None,
            end_ns=arrivals[-1] if arrivals else monotonic_ns() - planned,
            arrivals_ns=arrivals,
            tokens=(1,) * len(arrivals),
            counters=Counters(
                prompt_n=going.prompt_n,
                cache_n=0,
                prompt_ms=going.prompt_ms,
                predicted_n=len(going.tokens),
                predicted_ms=going.predicted_ms,
            ),
            effective={**going.evidence, "temperature": call.temperature},
            finish_reason=going.finish_reason,
            text=self._engine.decode(going.tokens),
        )
