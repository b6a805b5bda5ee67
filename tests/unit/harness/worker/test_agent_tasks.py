"""Agents begin together, and however a task ends, it and its calls are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from time import monotonic_ns

import pytest

from harness.design import Value
from harness.design.load import AgentTasks
from harness.design.settings import AgentSettings
from harness.events import Phase, Request, Scalar, Started
from harness.outcomes import OK, Code, failed
from harness.protocols import Deadlines, EngineFailed
from harness.protocols.agent import Address, AgentEvent, Called, Finished, Ingested, TaskSpec, Usage
from harness.worker import agent_tasks
from harness.worker.agent_tasks import run_agents
from harness.worker.observed import Observed
from harness.worker.servers import Server
from tests.support.specs import HELLO, spec_of

GONE = failed(Code.ENGINE_EXITED, "the server is gone")


class Reachable:
    """A backend of which only the address is asked."""

    def handle(self) -> dict[str, Value]:
        return {"address": "here"}

    async def attach(self, handle: object) -> None:
        raise AssertionError("the worker does not ask for agents")


class Scripted:
    """Yields what its setting ``script`` says; remembers what it was given."""

    given: list[tuple[str, TaskSpec, Address, Deadlines]]
    started: list[str]
    closed: int

    def __init__(self, asked: AgentSettings) -> None:
        if asked.own.get("refuses") == "making":
            raise EngineFailed(GONE)
        self.asked = asked

    async def start(self) -> dict[str, Scalar]:
        if self.asked.own.get("refuses") == "starting":
            raise EngineFailed(GONE)
        Scripted.started.append(self.asked.name)
        return {"runtime": "none"}

    async def stop(self) -> Usage | None:
        return Usage(1, 2, 3, 4, 5, 6) if self.asked.name == "a" else None

    async def run(self, task: TaskSpec, server: Address, deadlines: Deadlines) -> AsyncGenerator[AgentEvent, None]:
        Scripted.given.append((self.asked.name, task, server, deadlines))
        try:
            for word in str(task.settings["script"]).split():
                yield self._event(word, task)
        finally:
            Scripted.closed += 1

    def _event(self, word: str, task: TaskSpec) -> AgentEvent:
        match word:
            case "read":
                return Ingested("a.csv", "0" * 64, 7)
            case "call":
                return Called(Request(9, task.phase, "p", planned_ns=task.planned_ns + 5, server="liar", turn=77))
            case "end":
                return Finished(OK, "done", task.planned_ns, task.planned_ns + 9)
            case "refused":
                return Finished(GONE, "", task.planned_ns, task.planned_ns + 9)
            case "engine":
                raise EngineFailed(GONE)
            case _:
                raise ValueError("no idea\nat all")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Observed]:
    class Agents:
        @staticmethod
        def load(language: str) -> type[Scripted]:
            return {"python": Scripted}[language]

    monkeypatch.setattr(agent_tasks, "AGENTS", Agents)
    Scripted.given, Scripted.started, Scripted.closed = [], [], 0

    def run(*, also: dict[str, Value] | None = None, **scripts: str) -> Observed:
        settings: dict[str, Value] = {"tasks": 2, "max_tokens": 6, "temperature": 0.0, **(also or {})}
        for name, script in scripts.items():
            own = {"language": "python", "task": "report", "script": script}
            settings |= {f"agent__{name}__{key}": value for key, value in own.items()}
        spec = spec_of("pacer", "pacer", **settings)
        assert isinstance(spec.settings.load, AgentTasks)
        (server,) = spec.settings.servers
        started = Started("pacer", "1", 1, {})
        observed = Observed(monotonic_ns())
        servers = {"": Server(server, Reachable(), started)}  # type: ignore[arg-type]
        asyncio.run(run_agents(spec, spec.settings.load, servers, observed))
        return observed

    return run


def test_all_agents_begin_each_round_at_one_planned_moment(ran: Callable[..., Observed]) -> None:
    observed = ran(a="read call call end", b="call end")
    assert [(task.index, task.agent) for task in sorted(observed.tasks, key=lambda task: task.index)] == [
        (2 * number + k, name) for number in range(4) for k, name in enumerate("ab")
    ]
    planned = {task.index: task.planned_ns for task in observed.tasks}
    assert [planned[2 * k] for k in range(4)] == [planned[2 * k + 1] for k in range(4)]
    assert [task.phase.value for _, task, _, _ in Scripted.given[::2]] == ["cold", "warmup", "measured", "measured"]
    _, task, address, deadlines = Scripted.given[0]
    assert (task.kind, task.max_tokens, task.temperature, task.ignore_eos) == ("report", 6, 0.0, True)
    assert (address.server, address.backend, address.handle) == ("", "pacer", {"address": "here"})
    assert deadlines == Deadlines()


def test_a_task_counts_what_was_read_and_called(ran: Callable[..., Observed]) -> None:
    observed = ran(a="read call read call end")
    task = observed.tasks[0]
    assert (task.outcome, task.ingested_files, task.ingested_bytes, task.text) == (OK, 2, 14, "done")
    assert (task.started_ns, task.ended_ns) == (task.planned_ns, task.planned_ns + 9)
    assert [(r.task, r.turn, r.server) for r in observed.requests[:2]] == [(0, 0, ""), (0, 1, "")]
    assert observed.requests[0].planned_ns == task.planned_ns + 5


@pytest.mark.parametrize(
    ("script", "code", "detail"),
    [
        ("call refused", Code.ENGINE_EXITED, "the server is gone"),
        ("call engine", Code.ENGINE_EXITED, "the server is gone"),
        ("call raise", Code.WORKER_CRASHED, "ValueError: no idea\nat all"),
        ("call", Code.WORKER_CRASHED, "the agent ended without saying how"),
    ],
)
def test_however_a_task_ends_its_calls_are_kept(
    ran: Callable[..., Observed], script: str, code: Code, detail: str
) -> None:
    observed = ran(a=script, b="call end")
    bad = [task for task in observed.tasks if task.agent == "a"]
    assert {(task.outcome.code, task.outcome.detail) for task in bad} == {(code, detail)}
    assert all(task.outcome == OK for task in observed.tasks if task.agent == "b")
    assert len(observed.requests) == 8
    assert Scripted.closed == 8


def rounds_of(observed: Observed, phase: Phase) -> list[str]:
    """The agents of each round, in the order in which rounds were made."""
    rounds: dict[int, str] = {}
    for task in sorted(observed.tasks, key=lambda task: task.index):
        if task.phase is phase:
            rounds[task.round] = rounds.get(task.round, "") + task.agent
    return [rounds[number] for number in sorted(rounds)]


def test_with_baselines_each_task_is_also_done_alone_and_next_to_the_one_together(
    ran: Callable[..., Observed],
) -> None:
    observed = ran(also={"baselines": True, "tasks": 6}, a="call end", b="call end")
    assert [rounds_of(observed, phase) for phase in (Phase.COLD, Phase.WARMUP)] == [["ab"], ["ab"]]
    measured = rounds_of(observed, Phase.MEASURED)
    assert [sorted(measured[k : k + 3]) for k in range(0, 18, 3)] == [["a", "ab", "b"]] * 6
    assert len({tuple(measured[k : k + 3]) for k in range(0, 18, 3)}) > 1, "their order varies"
    assert sorted(task.index for task in observed.tasks) == list(range(28))


@pytest.mark.parametrize(("isolation", "started"), [("processes", ["a", "b"] * 4), ("tasks", ["a"] * 4)])
def test_agents_are_processes_or_tasks_of_one(ran: Callable[..., Observed], isolation: str, started: list[str]) -> None:
    observed = ran(also={"isolation": isolation}, a="call end", b="call end")
    assert Scripted.started == started
    assert {task.outcome for task in observed.tasks} == {OK}
    assert {task.agent for task in observed.tasks} == {"a", "b"}


def test_what_a_process_used_is_kept_with_its_tasks(ran: Callable[..., Observed]) -> None:
    observed = ran(a="call end", b="call end")
    used = {task.agent: (task.startup_ns, task.peak_rss_bytes, task.cpu_ns) for task in observed.tasks}
    assert used == {"a": (1, 2, 5), "b": (None, None, None)}
    assert observed.facts == {"agent.a.runtime": "none", "agent.b.runtime": "none"}


@pytest.mark.parametrize("refuses", ["making", "starting"])
def test_an_agent_that_cannot_start_fails_alone(ran: Callable[..., Observed], refuses: str) -> None:
    observed = ran(also={"agent__a__refuses": refuses}, a="call end", b="call end")
    assert {task.outcome for task in observed.tasks if task.agent == "a"} == {GONE}
    assert {task.outcome for task in observed.tasks if task.agent == "b"} == {OK}


def test_every_task_of_a_run_has_the_seed_that_is_set(ran: Callable[..., Observed]) -> None:
    ran(a="end")
    assert {task.seed for _, task, _, _ in Scripted.given} == {HELLO.seed}
    Scripted.given.clear()
    ran(also={"request__seed": 7}, a="end")
    assert {task.seed for _, task, _, _ in Scripted.given} == {7}
