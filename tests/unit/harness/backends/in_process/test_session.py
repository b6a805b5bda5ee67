"""The session around an engine: what it stamps, counts and survives, with an engine whose every step is known."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from harness.backends.in_process import backend as session
from harness.backends.in_process.backend import InProcess
from harness.backends.in_process.engine import Logits
from harness.backends.in_process.timer import MonotonicTimer, Timer
from harness.design import Value
from harness.events import Phase, Request, Settings
from harness.models import MODELS, Model
from harness.outcomes import OK, Code, Status, failed
from harness.protocols import Call, Deadlines, EngineFailed, Score
from tests.support.busy_machine import in_one_of

TINY = MODELS["gpt2-0.1m"]


class Counter:
    """Says token n + 1 after token n, and counts its passes."""

    name, version, trained = "counter", "1", False
    stops = frozenset({5})

    def __init__(self, during: Callable[[int], None] = lambda _: None) -> None:
        self.passes = 0
        self.own: dict[int, int] = {}
        self.during = during

    def prepare(self, model: Model, settings: dict[str, Value]) -> None: ...

    def open(self, model: Model) -> Settings:
        return {"model": model.name}

    def encode(self, text: str) -> list[int]:
        return list(range(len(text)))

    def decode(self, tokens: list[int]) -> str:
        return " ".join(map(str, tokens))

    def prefill(self, tokens: list[int]) -> Steps:
        return Steps(self, tokens[-1])

    def logits(self, tokens: list[int]) -> Logits:
        return np.stack([self.after(token) for token in tokens])

    def after(self, token: int) -> Logits:
        self.passes += 1
        self.own[threading.get_ident()] = self.own.get(threading.get_ident(), 0) + 1
        self.during(token)
        return np.eye(64, dtype=np.float32)[token + 1]

    def evidence(self) -> Settings:
        return {"graphs": self.passes, "device": "none"}

    def own_evidence(self) -> Settings:
        return {"mine": self.own.get(threading.get_ident(), 0)}

    def timer(self) -> Timer:
        return MonotonicTimer()

    def close(self) -> None: ...


class Steps:
    def __init__(self, engine: Counter, token: int) -> None:
        self.engine = engine
        self.logits = engine.after(token)

    def step(self, token: int) -> None:
        self.logits = self.engine.after(token)


def call(
    text: str = "abc", max_tokens: int = 4, stream: int = 0, *, ignore_eos: bool = True, total_s: float = 9
) -> Call:
    deadlines = Deadlines(total_s=total_s)
    return Call(stream, Phase.MEASURED, "p", text, max_tokens, 1, 0.0, ignore_eos, stream=stream, deadlines=deadlines)


def asked(engine: Counter, *calls: Call, **settings: Value) -> list[Request]:
    async def main() -> list[Request]:
        backend = InProcess(engine)
        await backend.start(TINY, dict(settings))
        try:
            return list(await asyncio.gather(*map(backend.request, calls)))
        finally:
            await backend.stop()

    return asyncio.run(main())


def test_a_generation_with_a_cache_has_two_phases() -> None:
    (request,) = asked(Counter(), call())
    assert request.outcome is OK
    assert request.text == "3 4 5 6"
    assert (request.tokens, request.finish_reason) == ((1, 1, 1, 1), "length")
    counters = request.counters
    assert (counters.prompt_n, counters.cache_n, counters.predicted_n) == (3, 0, 4)
    assert (counters.prompt_ms or 0) > 0
    assert (counters.predicted_ms or 0) > 0
    assert (request.effective["prefill.graphs"], request.effective["decode.graphs"]) == (1, 3)
    assert request.effective["prefill.device"] is None
    assert list(request.arrivals_ns) == sorted(request.arrivals_ns)
    assert request.connect_ns is None


def test_without_a_cache_no_phase_is_apart() -> None:
    engine = Counter()
    (request,) = asked(engine, call(), generation="uncached")
    assert request.text == "3 4 5 6"
    assert engine.passes == 3 + 4 + 5 + 6
    assert request.counters.prompt_ms is None
    assert (request.counters.predicted_ms or 0) > 0


def test_a_stop_token_ends_a_text_unless_it_is_ignored() -> None:
    (request,) = asked(Counter(), call(max_tokens=9, ignore_eos=False))
    assert (request.text, request.finish_reason) == ("3 4 5", "stop")


def test_streams_are_really_concurrent_and_nobody_guesses_whose_graphs_were_compiled() -> None:
    meet = threading.Barrier(2, timeout=1500)
    both = asked(Counter(lambda _: meet.wait() and None), call(stream=0), call(stream=1))
    assert [request.outcome for request in both] == [OK, OK]
    assert {request.effective["decode.graphs"] for request in both} == {None}
    assert {request.effective["decode.mine"] for request in both} == {3}


def test_a_slow_engine_runs_out_of_time_and_keeps_what_came() -> None:
    (request,) = asked(Counter(lambda _: threading.Event().wait(0.02) and None), call(max_tokens=50, total_s=0.5))
    assert request.outcome.code is Code.TOTAL_TIMEOUT
    assert 0 < len(request.tokens) < 50
    assert request.outcome.detail == f"not finished within 0.5 s: {len(request.tokens)} tokens"


@pytest.mark.parametrize(
    ("slow", "deadlines", "code", "tokens"),
    [
        (2, Deadlines(first_byte_s=0.05), Code.FIRST_BYTE_TIMEOUT, 1),
        (2, Deadlines(gap_s=0.05), None, 4),
        (4, Deadlines(gap_s=0.05), Code.GAP_TIMEOUT, 3),
        (5, Deadlines(gap_s=0.05), Code.GAP_TIMEOUT, 4),
        (4, Deadlines(first_byte_s=0.05), None, 4),
        (5, Deadlines(total_s=0.05), Code.TOTAL_TIMEOUT, 4),
    ],
)
@pytest.mark.parametrize("generation", ["kv", "uncached"])
def test_a_step_beyond_its_deadline_ends_the_request(
    monkeypatch: pytest.MonkeyPatch, slow: int, deadlines: Deadlines, code: Code | None, tokens: int, generation: str
) -> None:
    now = [1]
    monkeypatch.setattr(session, "monotonic_ns", lambda: now[0])

    class Stalling(Counter):
        def after(self, token: int) -> Logits:
            if token == slow and slow not in seen:
                seen.add(slow)
                now[0] += 200_000_000
            return super().after(token)

    seen: set[int] = set()
    (request,) = asked(Stalling(), replace(call(), deadlines=deadlines), generation=generation)
    assert request.outcome.code is code
    assert len(request.tokens) == tokens


@pytest.mark.parametrize(("compiled_s", "code"), [(0.19, None), (0.1, Code.GAP_TIMEOUT)])
def test_what_a_step_spends_compiling_is_no_silence(
    monkeypatch: pytest.MonkeyPatch, compiled_s: float, code: Code | None
) -> None:
    now = [1]
    monkeypatch.setattr(session, "monotonic_ns", lambda: now[0])

    class Compiling(Counter):
        spent = 1.0

        def evidence(self) -> Settings:
            return {"compile_s": self.spent}

        def after(self, token: int) -> Logits:
            if token == 4:
                now[0] += 200_000_000
                self.spent += compiled_s
            return super().after(token)

    (request,) = asked(Compiling(), replace(call(), deadlines=Deadlines(gap_s=0.08)))
    assert request.outcome.code is code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError("no room"), Code.OUT_OF_MEMORY),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), Code.OUT_OF_MEMORY),
        (RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), Code.OUT_OF_MEMORY),
        (EngineFailed(failed(Code.SETTING_REJECTED, "too long")), Code.SETTING_REJECTED),
        (ValueError("line one\nline two"), Code.ENGINE_REFUSED),
    ],
)
def test_whatever_an_engine_raises_is_an_outcome(error: Exception, code: Code) -> None:
    def fail_at_five(token: int) -> None:
        if token == 5:
            raise error

    (request,) = asked(Counter(fail_at_five), call())
    assert (request.outcome.status, request.outcome.code) == (Status.FAILED, code)
    assert "\n" not in request.outcome.detail
    assert len(request.tokens) == 3


def test_scoring_counts_apart_and_its_failure_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "reference_logits", lambda _, tokens: np.zeros((len(tokens), 64), np.float32))

    async def main(engine: Counter) -> Score:
        backend = InProcess(engine)
        await backend.start(TINY, {})
        try:
            return await backend.score()
        finally:
            await backend.stop()

    def fail(_: int) -> None:
        raise MemoryError("no room")

    class Short(Counter):
        def encode(self, text: str) -> list[int]:
            return [1, 2, 3]

    found = asyncio.run(main(Short())).facts()
    assert (found["scoring.graphs"], found["scoring.mine"]) == (3, 3)
    assert found["accuracy.greedy"] == "2 3 4"
    assert found["accuracy.logit_difference"] == 1.0
    with pytest.raises(EngineFailed, match="no room") as caught:
        asyncio.run(main(Counter(fail)))
    assert caught.value.outcome.code is Code.OUT_OF_MEMORY


def test_an_engine_that_cannot_load_says_so() -> None:
    class Broken(Counter):
        def open(self, model: Model) -> Settings:
            raise ZeroDivisionError("division by zero")

    with pytest.raises(EngineFailed, match="ZeroDivisionError: division by zero") as caught:
        asked(Broken())
    assert caught.value.outcome.code is Code.ENGINE_REFUSED


def test_a_planned_start_is_waited_for_and_counts() -> None:
    async def main() -> Request:
        from time import monotonic_ns

        backend = InProcess(Counter())
        await backend.start(TINY, {})
        try:
            return await backend.request(replace(call(), planned_ns=monotonic_ns() + 50_000_000))
        finally:
            await backend.stop()

    def punctual() -> None:
        assert 0 <= (asyncio.run(main()).sent_ns or -1) < 40_000_000

    in_one_of(10, punctual)


def test_a_misspelt_generation_is_refused() -> None:
    with pytest.raises(EngineFailed, match='generation to be one of kv, uncached, not "cached"'):
        asked(Counter(), generation="cached")
