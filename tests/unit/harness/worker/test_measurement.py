"""A run as it happens: what its servers and requests make of it, and that every server is stopped on every path."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from harness.client.event_loop import new_event_loop
from harness.design import Value
from harness.events import Phase, Request, Run, Scalar, Started
from harness.models import Model
from harness.outcomes import OK, Code, Outcome, Status, failed
from harness.protocols import Call, Capability, EngineFailed, Score
from harness.worker.measurement import Measurement, with_agreed
from tests.support.specs import spec_of

MODEL = "smollm2-135m-q4_1"
TWO: dict[str, Value] = {"streams": 2, "server__a__threads": 1, "server__b__threads": 2}


class Fake:
    """An engine without a process; the model of each fault is its setting ``fault``."""

    SETTINGS: ClassVar[tuple[str, ...]] = ("threads", "fault")
    engine_pid: int | None = None
    life: ClassVar[list[tuple[str, Value]]] = []

    def __init__(self) -> None:
        self.threads: Value = 0
        self.fault: Value = ""

    @classmethod
    def capability(cls) -> Capability:
        return Capability("fake", available=True)

    async def start(self, model: Model, settings: dict[str, Value]) -> Started:
        self.threads, self.fault = settings.get("threads", 0), settings.get("fault", "")
        self.life.append(("start", self.threads))
        if self.fault == "start":
            raise EngineFailed(failed(Code.ENGINE_REFUSED, "no room"))
        return Started("fake", "1", 5, {"threads": self.threads})

    async def request(self, call: Call) -> Request:
        if self.fault == "memory":
            raise MemoryError("no room at all")
        outcome = failed(Code.GAP_TIMEOUT, "silent") if self.fault == "request" else OK
        return Request(call.index, call.phase, call.prompt_id, outcome, stream=call.stream, effective={"t": 0.8})

    def evidence(self) -> Mapping[str, Scalar]:
        return {"graphs": self.threads}

    async def score(self) -> Score:
        return Score(perplexity=float(self.threads))

    async def stop(self) -> None:
        self.life.append(("stop", self.threads))


class Absent(Fake):
    @classmethod
    def capability(cls) -> Capability:
        return Capability("absent", available=False, reason="install it")


class Backends:
    """In place of the registry."""

    @staticmethod
    def load(name: str) -> type[Fake]:
        return {"fake": Fake, "absent": Absent}[name]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    monkeypatch.setattr("harness.worker.servers.BACKENDS", Backends)
    monkeypatch.setattr(Fake, "life", [])

    def run(backend: str = "fake", *, scored: bool = False, **settings: Value) -> Run:
        spec = replace(spec_of(backend, MODEL, **settings), scored=scored)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            return runner.run(Measurement(spec).run())

    return run


def test_one_server_has_no_name(ran: Callable[..., Run]) -> None:
    run = ran(scored=True, threads=2)
    assert run.outcome == OK
    assert run.engines == (Started("fake", "1", 5, {"t": 0.8, "threads": 2}),)
    assert {request.server for request in run.requests} == {""}
    assert (run.facts["evidence.graphs"], run.facts["accuracy.perplexity"]) == (2, 2.0)
    assert run.requested == {"model": MODEL, "backend": "fake", "threads": 2}
    assert Fake.life == [("start", 2), ("stop", 2)]


def test_facts_of_several_servers_have_their_names(ran: Callable[..., Run]) -> None:
    run = ran(scored=True, **TWO)
    assert [engine.server for engine in run.engines] == ["a", "b"]
    assert {(request.stream, request.server) for request in run.requests} == {(0, "a"), (1, "b")}
    assert [run.facts[f"{name}.accuracy.perplexity"] for name in "ab"] == [1.0, 2.0]
    assert [run.facts[f"{name}.evidence.graphs"] for name in "ab"] == [1, 2]
    assert Fake.life == [("start", 1), ("start", 2), ("stop", 2), ("stop", 1)]


@pytest.mark.parametrize(
    ("settings", "code", "detail", "started"),
    [
        ({"server__b__fault": "start"}, Code.ENGINE_REFUSED, "the server b: no room", ["a"]),
        ({"server__b__backend": "absent"}, Code.ENGINE_MISSING, "the server b: install it", ["a"]),
        ({"server__a__fault": "memory"}, Code.OUT_OF_MEMORY, "no room at all", ["a", "b"]),
        ({"server__b__fault": "request"}, Code.REQUESTS_FAILED, "3 of 6 requests failed", ["a", "b"]),
        ({"clients": 2}, Code.SETTING_REJECTED, "clients and agents of their own cannot ask it", ["a", "b"]),
    ],
)
def test_every_server_that_was_begun_is_stopped_whatever_fails(
    ran: Callable[..., Run], settings: dict[str, Value], code: Code, detail: str, started: list[str]
) -> None:
    run = ran(**TWO, **settings)
    assert run.outcome.code is code
    assert detail in run.outcome.detail
    assert [engine.server for engine in run.engines] == started
    begun = [what for what in Fake.life if what[0] == "start"]
    assert sorted(Fake.life[len(begun) :]) == sorted(("stop", threads) for _, threads in begun)


@pytest.mark.parametrize(("fault", "status"), [("request", Status.FAILED), ("", Status.OK)])
def test_a_run_is_as_good_as_its_requests(ran: Callable[..., Run], fault: str, status: Status) -> None:
    assert ran(fault=fault).outcome.status is status


def request(index: int, outcome: Outcome = OK, server: str = "", **effective: Scalar) -> Request:
    return Request(index, Phase.MEASURED, "p", outcome, server=server, effective=effective)


def test_settings_that_all_requests_report_are_the_server_s() -> None:
    started = Started("engine", "1", 5, {"threads": 2})
    requests = [request(0, temperature=0.8, seed=1, threads=9), request(1, temperature=0.8, seed=2, threads=9)]
    assert with_agreed(started, requests).effective == {"threads": 2, "temperature": 0.8}
    assert with_agreed(started, []).effective == {"threads": 2}
    bad = failed(Code.GAP_TIMEOUT, "silent for 10 s")
    assert with_agreed(started, [request(0, bad), request(1, temperature=0.2)]).effective["temperature"] == 0.2
    others = [*requests, request(2, server="b", temperature=0.1)]
    assert with_agreed(started, others).effective["temperature"] == 0.8
