"""What every backend must do, asked of each.

``llama_cpp`` is the real engine with a real model. ``openai_http`` speaks to the same engine's own OpenAI endpoints.
``ollama`` speaks to a double of Ollama's documented wire format (``tests/support/ollama_double.py``). ``pytorch`` and
``onnx_runtime`` run a small untrained model of the GPT-2 family in this process.
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count, pairwise
from typing import Any

import pytest

from harness.backends import BACKENDS
from harness.backends.llama_cpp import LlamaCpp
from harness.backends.pytorch import PyTorch
from harness.client.control import Control
from harness.client.event_loop import new_event_loop
from harness.design import Value
from harness.design.settings import ServerSettings
from harness.events import Phase, Request, Started
from harness.models import MODELS, SMOLLM2_135M, Model
from harness.outcomes import OK, Code, Status
from harness.protocols import Backend, Call, EngineFailed, Score
from harness.worker.servers import Server, start
from tests.support.ollama_double import TAG, ollama_double

TOKENS = 12
OLLAMA_GEMMA = Model("gemma-3-270m", "Gemma 3", f"ollama:{TAG}", "gemma3", 18, 268_098_176, "Q4_K_M")
_seeds = count(1)

Rig = tuple[Backend, Model, dict[str, Value]]


class Rigs:
    """Makes each backend something to talk to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    @asynccontextmanager
    async def llama_cpp(self) -> AsyncIterator[Rig]:
        settings: dict[str, Value] = {"num_gpu": 999, "num_ctx": 256, "parallel": 4, "threads": 1}
        yield BACKENDS.load("llama_cpp")(), SMOLLM2_135M, settings

    @asynccontextmanager
    async def openai_http(self) -> AsyncIterator[Rig]:
        engine = LlamaCpp()
        try:
            await engine.start(SMOLLM2_135M, {"num_ctx": 256, "parallel": 4, "threads": 1})
            assert engine.address is not None
            settings: dict[str, Value] = {"base_url": f"{engine.address}/v1"}
            yield BACKENDS.load("openai_http")(), SMOLLM2_135M, settings
        finally:
            await engine.stop()

    @asynccontextmanager
    async def ollama(self) -> AsyncIterator[Rig]:
        async with ollama_double() as (_, host):
            self._monkeypatch.setenv("OLLAMA_HOST", host)
            yield BACKENDS.load("ollama")(), OLLAMA_GEMMA, {"num_ctx": 512}

    @asynccontextmanager
    async def pytorch(self) -> AsyncIterator[Rig]:
        yield BACKENDS.load("pytorch")(), MODELS["gpt2-25m"], {"num_ctx": 256, "threads": 1}

    @asynccontextmanager
    async def onnx_runtime(self) -> AsyncIterator[Rig]:
        settings: dict[str, Value] = {"num_ctx": 256, "threads": 1}
        yield BACKENDS.load("onnx_runtime")(), MODELS["gpt2-25m"], settings


IN_PROCESS = ("pytorch", "onnx_runtime")
ENGINES = [
    pytest.param("llama_cpp", marks=pytest.mark.engine),
    pytest.param("openai_http", marks=pytest.mark.engine),
    "ollama",
    *IN_PROCESS,
]


@pytest.fixture(params=ENGINES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def drive(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Callable[[Backend, Started], Awaitable[None]]], None]]:
    """Runs a coroutine with the started backend, and stops it."""
    rigs = Rigs(monkeypatch)

    async def main(body: Callable[[Backend, Started], Awaitable[None]]) -> None:
        async with AsyncExitStack() as stack:
            backend, model, settings = await stack.enter_async_context(getattr(rigs, name)())
            stack.push_async_callback(backend.stop)
            await body(backend, await backend.start(model, settings))

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        yield lambda body: runner.run(main(body))


def call(stream: int = 0) -> Call:
    seed = next(_seeds)
    text = f"{seed:04d}: Tell me something funny about a robot and its cat."
    return Call(seed, Phase.MEASURED, "p", text, TOKENS, seed, temperature=0.8, stream=stream)


def check(request: Request, asked: Call, *, over_a_wire: bool) -> None:
    """What holds for every good request of every engine."""
    assert request.outcome is OK
    assert (request.index, request.stream, request.prompt_id) == (asked.index, asked.stream, asked.prompt_id)
    assert sum(request.tokens) == TOKENS == request.counters.predicted_n
    assert len(request.tokens) == len(request.arrivals_ns) > 0
    assert min(request.tokens) >= 1
    assert request.text.strip()
    assert request.finish_reason == "length"
    assert request.sent_ns is not None
    assert request.first_byte_ns is not None
    assert request.end_ns is not None
    times = [request.sent_ns, *request.arrivals_ns, request.end_ns]
    assert times == sorted(times)
    assert request.sent_ns <= request.first_byte_ns <= request.arrivals_ns[0]
    assert (request.connect_ns is not None) is over_a_wire


async def streams_overlap(backend: Backend, name: str) -> bool:
    """Whether one of four requests had its first token before another ended.

    A busy machine may give one thread all its time until its request is done, so one round proves nothing.
    """
    streams = [call(stream) for stream in range(4)]
    requests = await asyncio.gather(*map(backend.request, streams))
    for request, asked in zip(requests, streams, strict=True):
        check(request, asked, over_a_wire=name not in IN_PROCESS)
    spans = sorted((r.planned_ns + r.arrivals_ns[0], r.planned_ns + (r.end_ns or 0)) for r in requests)
    return any(later[0] < earlier[1] for earlier, later in pairwise(spans))


def test_a_life_from_start_to_stop(name: str, drive: Callable[..., None]) -> None:
    async def life(backend: Backend, started: Started) -> None:
        assert started.engine == name
        assert started.engine_version
        assert started.load_ns > 0
        assert started.effective.get("num_ctx") in ((None,) if name == "onnx_runtime" else (256, 512))
        assert (started.effective["n_params"] or 0) > 5_000_000
        for _ in range(2):
            asked = call()
            check(await backend.request(asked), asked, over_a_wire=name not in IN_PROCESS)
        overlapped = False
        for _ in range(10):
            overlapped = overlapped or await streams_overlap(backend, name)
        assert overlapped
        await backend.stop()
        await backend.stop()

    drive(life)


def test_a_request_that_runs_out_of_time_has_its_code(name: str, drive: Callable[..., None]) -> None:
    async def hurry(backend: Backend, _: Started) -> None:
        asked = call()
        hurried = replace(asked, max_tokens=200, deadlines=replace(asked.deadlines, total_s=0.02))
        request = await backend.request(hurried)
        assert request.outcome.status is Status.FAILED
        assert request.outcome.code is Code.TOTAL_TIMEOUT
        assert sum(request.tokens) < 200
        asked = call()
        check(await backend.request(asked), asked, over_a_wire=name not in IN_PROCESS)

    drive(hurry)


def test_it_names_its_settings(name: str) -> None:
    settings = BACKENDS.load(name).SETTINGS
    assert len(set(settings)) == len(settings) > 0
    assert "num_gpus" not in settings


def test_an_unknown_setting_is_refused_by_name(name: str) -> None:
    async def start() -> None:
        backend = BACKENDS.load(name)()
        with pytest.raises(EngineFailed, match="num_gpus") as caught:
            await backend.start(SMOLLM2_135M, {"num_gpus": 1})
        assert caught.value.outcome.code is Code.SETTING_REJECTED
        await backend.stop()

    asyncio.run(start())


def test_a_request_before_the_start_is_a_fault_of_the_caller(name: str) -> None:
    with pytest.raises(RuntimeError):
        asyncio.run(BACKENDS.load(name)().request(call()))


def test_capability_says_whether_and_why_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:1")
    monkeypatch.setenv("BINDERY_OPENAI_URL", "http://127.0.0.1:1")
    capability = BACKENDS.load(name).capability()
    assert capability.name == name
    assert capability.available is (name in ("llama_cpp", *IN_PROCESS))
    assert bool(capability.version) is capability.available
    assert bool(capability.reason) is not capability.available
    assert "\n" not in capability.reason


@pytest.mark.engine
def test_the_prompt_cache_is_used_exactly_when_it_is_asked_for() -> None:
    async def main() -> list[int | None]:
        backend = LlamaCpp()
        try:
            await backend.start(SMOLLM2_135M, {"num_ctx": 256, "threads": 1})
            asked = replace(call(), max_tokens=2, cache_prompt=True)
            calls = [asked, asked, replace(asked, cache_prompt=False)]
            return [(await backend.request(c)).counters.cache_n for c in calls]
        finally:
            await backend.stop()

    first, again, without = asyncio.run(main())
    assert (first, without) == (0, 0)
    assert (again or 0) > 5


@pytest.mark.engine
@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two processors")
def test_two_servers_of_one_thread_have_a_processor_each() -> None:
    async def main() -> list[set[int]]:
        asked: dict[str, Value] = {"num_ctx": 64, "threads": 1}
        async with AsyncExitStack() as stack:
            before: list[Server] = []
            for name in "ab":
                settings = ServerSettings(name, "llama_cpp", SMOLLM2_135M.name, asked)
                before.append(await start(settings, SMOLLM2_135M, None, stack, before))
            return [os.sched_getaffinity(server.backend.engine_pid or -1) for server in before]

    first, second = asyncio.run(main())
    assert (len(first), len(second)) == (1, 1)
    assert first != second


@pytest.mark.engine
def test_llama_cpp_predicts_what_the_same_weights_say_in_pytorch() -> None:
    async def main() -> tuple[Score, Score]:
        served, loaded = LlamaCpp(), PyTorch()
        try:
            await served.start(SMOLLM2_135M, {"num_ctx": 256, "threads": 1})
            await loaded.start(SMOLLM2_135M, {"threads": 1})
            return await served.score(), await loaded.score()
        finally:
            await served.stop()
            await loaded.stop()

    ours, theirs = asyncio.run(main())
    assert theirs.perplexity is not None
    assert 10 < theirs.perplexity < 100
    assert ours.perplexity == pytest.approx(theirs.perplexity, rel=0.05)
    assert ours.tokens == theirs.tokens == 255
    pairs = list(zip(ours.greedy or (), theirs.greedy or (), strict=True))
    assert len(pairs) == 128
    assert sum(a == b for a, b in pairs) > 100, "both must read the text as the same tokens"


@pytest.mark.engine
def test_llama_cpp_tells_the_whole_softmax_whatever_it_samples_with() -> None:
    asked: dict[str, object] = {"prompt": [504, 33059, 418], "n_predict": 1, "n_probs": 1 << 24, "return_tokens": True}

    async def main() -> list[Mapping[str, Any]]:
        backend = LlamaCpp()
        try:
            await backend.start(SMOLLM2_135M, {"num_ctx": 256, "threads": 1})
            control = Control(backend.address or "")
            try:
                return [await control.post("/completion", {**asked, "temperature": t}) for t in (0.0, 5.0)]
            finally:
                await control.close()
        finally:
            await backend.stop()

    cold, hot = asyncio.run(main())
    told = [answer["completion_probabilities"][0]["top_logprobs"] for answer in (cold, hot)]
    shares = [{entry["id"]: math.exp(entry["logprob"]) for entry in listed} for listed in told]
    assert len(shares[0]) == 49152
    assert sum(shares[0].values()) == pytest.approx(1.0, abs=1e-3)
    assert cold["tokens"] == [max(shares[0], key=lambda token: shares[0][token])]
    assert shares[1] == pytest.approx(shares[0], rel=1e-3)


@pytest.mark.engine
def test_an_engine_that_dies_in_a_stream_is_named() -> None:
    async def main() -> None:
        backend = LlamaCpp()
        await backend.start(SMOLLM2_135M, {"num_ctx": 512, "threads": 1})
        assert backend.engine_pid is not None
        task = asyncio.create_task(backend.request(replace(call(), max_tokens=400)))
        await asyncio.sleep(0.5)
        os.kill(backend.engine_pid, signal.SIGKILL)
        request = await task
        assert (request.outcome.code, request.outcome.status) == (Code.ENGINE_EXITED, Status.FAILED)
        assert "SIGKILL" in request.outcome.detail
        assert backend.engine_pid is None
        assert (await backend.request(call())).outcome.code is Code.ENGINE_EXITED
        await backend.stop()

    asyncio.run(main())
