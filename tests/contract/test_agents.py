"""What every agent must do, asked of each: in Python and in Rust, on every runtime and with every client.

The same bytes give the same requests, whoever reads them; a fault of a server has the outcome that it has for plain
requests; prompts are the same to the byte.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic_ns
from typing import Any

import pytest

from harness.agents.corpus import digests
from harness.backends.ollama import Ollama
from harness.calibration.pacer.backend import PacerBackend
from harness.client.event_loop import new_event_loop
from harness.events import Phase, Request
from harness.models import PACER, Model
from harness.outcomes import OK, Code, Outcome
from harness.protocols import Deadlines, EngineFailed
from harness.protocols.agent import Address, Agent, Called, Finished, Ingested, TaskSpec
from harness.texts.agent_prompts import ROLES
from tests.support.agents import EVERY, agent
from tests.support.ollama_double import TAG, ollama_double
from tests.support.stream_faults import FAULTS, PATIENT, deadlines_for
from tests.support.stream_server import (
    Script,
    http_chunk,
    llama_body,
    read_request,
    response,
    sends,
    serving,
    sse,
    terminal,
    token,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "agent_prompts"
AT_ONCE, LARGE = 4, 1_000_000
"""Faults that are tried at the same time, and the bytes of those that are tried alone: they hold up an event loop."""
LEAD_NS = 30_000_000
NO_HTTP = (b"220 mail.example ESMTP\r\n",)


@dataclass(slots=True)
class Told:
    """All that an agent said of a task."""

    files: list[Ingested] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    finished: Finished | None = None
    failure: Outcome | None = None

    @property
    def outcome(self) -> Outcome | None:
        return self.finished.outcome if self.finished else self.failure


def spec(index: int = 0, kind: str = "analyst", tokens: int = 8) -> TaskSpec:
    return TaskSpec(
        index, kind, Phase.MEASURED, monotonic_ns() + LEAD_NS, 11, tokens, 0.5, ignore_eos=True, settings={}
    )


async def told(doer: Agent, task: TaskSpec, server: Address, deadlines: Deadlines = PATIENT) -> Told:
    found = Told()
    try:
        async for event in doer.run(task, server, deadlines):
            match event:
                case Ingested():
                    found.files.append(event)
                case Called(request):
                    found.requests.append(request)
                case Finished():
                    found.finished = event
    except EngineFailed as error:
        found.failure = error.outcome
    return found


def size_of(piece: bytes | float) -> int:
    return len(piece) if isinstance(piece, bytes) else 0


async def ask(doer: Agent, script: Script, task: TaskSpec | None = None, deadlines: Deadlines = PATIENT) -> Told:
    async with serving(script) as target:
        address = Address("", "llama_cpp", "m", {"address": f"http://{target.host}:{target.port}"})
        return await told(doer, task or spec(), address, deadlines)


@pytest.fixture(params=EVERY)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def use(name: str) -> Callable[[Callable[[Agent], Awaitable[Any]]], Any]:
    """Runs a coroutine with a started agent, and stops it."""

    async def main(body: Callable[[Agent], Awaitable[Any]]) -> Any:
        doer = agent(name)
        try:
            await doer.start()
            return await body(doer)
        finally:
            await doer.stop()

    def run(body: Callable[[Agent], Awaitable[Any]]) -> Any:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(main(body))

    return run


def test_a_task_reads_the_corpus_and_makes_two_calls(use: Callable[..., Any]) -> None:
    bodies: list[tuple[bytes, bytes]] = []

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, _, body = await read_request(reader)
        bodies.append((first, body))
        writer.write(response(llama_body([" é", ' "two"', f" {len(bodies)}\n"])))
        await writer.drain()

    found: Told = use(lambda doer: ask(doer, answers))
    assert found.outcome == OK
    assert {file.file: (file.sha256, file.bytes) for file in found.files} == digests()
    assert [request.text for request in found.requests] == [' é "two" 1\n', ' é "two" 2\n']
    assert found.finished is not None
    assert found.finished.text == ' é "two" 2\n'
    for turn, (request, (first, body)) in enumerate(zip(found.requests, bodies, strict=True)):
        assert first == b"POST /completion HTTP/1.1"
        asked = json.loads(body)
        expected = (GOLDEN / f"analyst-{request.prompt_id}.txt").read_text(encoding="utf-8")
        assert asked.pop("prompt") == expected.replace("{answer}", found.requests[0].text)
        assert list(asked.items()) == [
            ("n_predict", 8), ("temperature", 0.5), ("seed", 11 + turn), ("ignore_eos", True),
            ("cache_prompt", False), ("stream", True), ("return_tokens", True),
        ]  # fmt: skip
        assert request.effective["prompt_sha256"] == hashlib.sha256(json.loads(body)["prompt"].encode()).hexdigest()
        assert (request.tokens, request.counters.predicted_n, request.finish_reason) == ((1, 1, 1), 3, "length")
        assert request.sent_ns is not None
        times = [0, request.sent_ns, request.first_byte_ns, *request.arrivals_ns, request.end_ns]
        assert times == sorted(t for t in times if t is not None)
    assert found.finished.started_ns <= found.requests[0].planned_ns < found.requests[1].planned_ns
    assert found.requests[1].planned_ns < found.finished.ended_ns


def test_each_fault_of_a_server_has_its_outcome(name: str, use: Callable[..., Any]) -> None:
    async def all_faults(doer: Agent) -> list[Told]:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(index: int) -> Told:
            async with places:
                pieces, code, limit_s = FAULTS[index]
                return await ask(doer, sends(*pieces), spec(index), deadlines_for(code, limit_s))

        small = [index for index, (pieces, _, _) in enumerate(FAULTS) if sum(map(size_of, pieces)) <= LARGE]
        found = dict(zip(small, await asyncio.gather(*map(one, small)), strict=True))
        return [found[index] if index in found else await one(index) for index in range(len(FAULTS))]

    found: list[Told] = use(all_faults)
    degraded = {Code.BAD_COUNTER}
    for told_of, (pieces, code, _) in zip(found, FAULTS, strict=True):
        if name in ("python httpx", "python uvloop") and pieces == NO_HTTP:
            code = Code.CLOSED_EARLY  # httpx tells nothing of a head that has no end
        what = f"{code} after {[piece[:60] if isinstance(piece, bytes) else piece for piece in pieces[:3]]}"
        assert told_of.requests[0].outcome.code is code, f"{what}: {told_of.requests[0].outcome}"
        assert told_of.outcome is not None
        if told_of.requests[0].outcome.code not in degraded:
            assert (len(told_of.requests), told_of.outcome.code) == (1, code), what


def test_nobody_listens(use: Callable[..., Any]) -> None:
    nobody = Address("", "llama_cpp", "m", {"address": "http://127.0.0.1:9"})
    found: Told = use(lambda doer: told(doer, spec(), nobody))
    assert [request.outcome.code for request in found.requests] == [Code.CONNECT_REFUSED]
    assert found.outcome is not None
    assert found.outcome.code is Code.CONNECT_REFUSED


def test_bytes_mean_the_same_however_they_are_split(use: Callable[..., Any]) -> None:
    events = [sse(token(" é", 1), b"\r\n"), b": ping\r\n\r\n", sse(token("🙂", 4)), sse(terminal(4), b"\r\n")]
    whole = response(b"")[:-5] + b"".join(map(http_chunk, events)) + b"0\r\n\r\n"
    pieces = [piece for i in range(len(whole)) for piece in (whole[i : i + 1], 0.0)]
    found: Told = use(lambda doer: ask(doer, sends(*pieces)))
    assert [(r.outcome, r.text, r.tokens) for r in found.requests] == [(OK, " é🙂", (1, 3))] * 2


def test_an_engine_that_ignores_the_cap_has_failed(use: Callable[..., Any]) -> None:
    words = [f" {number}" for number in range(9)]
    found: Told = use(lambda doer: ask(doer, sends(response(llama_body(words))), spec(tokens=8)))
    assert found.outcome is not None
    assert (found.outcome.code, found.outcome.usable) == (Code.TOKEN_COUNT, False)
    assert "8 tokens at most and sent 9" in found.outcome.detail


@pytest.mark.parametrize("name", ["python httpx", "rust tokio"])
def test_ollama_is_asked_as_plain_requests_ask_it(use: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model("gemma", "Gemma 3", f"ollama:{TAG}", "gemma3", 18, None, None)

    async def asked(doer: Agent) -> tuple[Told, list[dict[str, Any]]]:
        async with ollama_double() as (double, host):
            monkeypatch.setenv("OLLAMA_HOST", host)
            backend = Ollama()
            try:
                await backend.start(model, {"num_ctx": 1024})
                found = await told(doer, spec(), Address("", "ollama", TAG, backend.handle()))
            finally:
                await backend.stop()
            return found, [body for path, body in double.asked if path == "/api/generate" and body.get("prompt")]

    found, bodies = use(asked)
    assert (found.outcome, [request.outcome for request in found.requests]) == (OK, [OK, OK])
    assert [(sum(request.tokens), request.counters.predicted_n) for request in found.requests] == [(8, 8), (8, 8)]
    assert [(body["model"], body["raw"], body["options"]["num_ctx"]) for body in bodies] == [(TAG, True, 1024)] * 2
    assert [body["options"]["seed"] for body in bodies] == [11, 12]
    assert found.requests[0].text in bodies[1]["prompt"]


def test_stamps_are_on_the_clock_of_the_pacer_and_never_early(use: Callable[..., Any]) -> None:
    async def paced(doer: Agent) -> Told:
        backend = PacerBackend()
        try:
            await backend.start(PACER, {"ttft_ms": 20, "itl_ms": 2})
            return await told(doer, spec(tokens=24), Address("", "pacer", "pacer", backend.handle()))
        finally:
            await backend.stop()

    found: Told = use(paced)
    assert found.outcome == OK
    for request in found.requests:
        written = [int(at) for at in str(request.effective["writes_ns"]).split()]
        arrived = [at for at, tokens in zip(request.arrivals_ns, request.tokens, strict=True) for _ in range(tokens)]
        assert len(written) == len(arrived) == 24
        assert all(w <= a for w, a in zip(written, arrived, strict=True))
        largest = request.effective["largest_chunk"]
        assert isinstance(largest, int)
        assert largest > 0


def test_two_tasks_of_one_process_run_at_the_same_time_and_what_it_used_is_known(
    use: Callable[..., Any],
) -> None:
    async def both(doer: Agent) -> list[Told]:
        return await asyncio.gather(*(ask(doer, sends(response(llama_body())), spec(index)) for index in (4, 7)))

    found: list[Told] = use(both)
    assert [told_of.outcome for told_of in found] == [OK, OK]
    assert [len(told_of.requests) for told_of in found] == [2, 2]


def test_what_a_process_used_is_measured_from_outside(name: str) -> None:
    async def main() -> None:
        doer = agent(name)
        try:
            facts = await doer.start()
            assert facts["program"] == name.partition(" ")[0]
            assert facts["runtime"]
            assert (await ask(doer, sends(response(llama_body())))).outcome == OK
        finally:
            usage = await doer.stop()
        assert usage is not None
        assert usage.startup_ns > 0
        assert usage.cpu_ns is not None
        assert 0 < usage.cpu_ns < 60e9
        assert usage.peak_rss_bytes is not None
        assert 500_000 < usage.peak_rss_bytes < 500_000_000
        assert usage.threads is not None
        assert usage.threads >= 1
        assert usage.context_switches is not None
        assert usage.wait_ns is not None

    asyncio.run(main())


@pytest.mark.parametrize("kind", ROLES)
def test_prompts_are_those_of_the_golden_files(kind: str) -> None:
    from harness.agents.corpus import summary
    from harness.agents.python.prompt import filled
    from harness.texts.agent_prompts import TURNS, templates

    for turn, template in zip(TURNS, templates(kind), strict=True):
        path = GOLDEN / f"{kind}-{turn}.txt"
        prompt = filled(template, summary(), "{answer}")
        if os.environ.get("RENEW_GOLDEN"):
            path.write_text(prompt, encoding="utf-8")
        assert prompt == path.read_text(encoding="utf-8")
