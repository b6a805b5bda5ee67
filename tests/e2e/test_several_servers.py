"""Several servers and several agents in one run, from the worker's process to the sealed dataset."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import psutil

from harness.calibration.written import written
from harness.datasets.read import Dataset
from harness.design import Factor, Profile, Prompt, Study, Workload
from harness.events import Phase, Run
from harness.execution.recording_session import Session
from harness.execution.worker_process import WorkerProcess
from harness.outcomes import OK, Code, Status
from harness.protocols.run_spec import RunSpec, run_spec
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal
from tests.support.specs import spec_of
from tests.support.two_step_agent import FILE, prompt_id, second_prompt

WORKLOAD = Workload((Prompt("p", "Say tok."),), max_tokens=6, warmup=1)
AGENTS = (
    "from harness.registry import Registry\n"
    "from harness.worker import agent_tasks\n"
    "agent_tasks.AGENTS = Registry('agent', ('python', 'tests.support.two_step_agent:TwoStepAgent'))\n"
    "from harness.worker.__main__ import main; main()"
)
STUDY = Study(
    id="agents",
    title="Agents",
    question="Do two agents get on?",
    backend="pacer",
    factors=(Factor("agent.one.own", (1,)),),
    workload=WORKLOAD,
    profiles=(Profile("smoke", runs=1),),
    metrics=("ttft",),
    fixed=(
        ("model", "pacer"),
        ("itl_ms", 1),
        ("server.a.ttft_ms", 5),
        ("server.b.ttft_ms", 40),
        ("agent.one.language", "python"),
        ("agent.one.task", "report"),
        ("agent.two.language", "python"),
        ("agent.two.task", "report"),
        ("agent.two.server", "b"),
        ("tasks", 2),
    ),
)


def ran(tmp_path: Path, spec: RunSpec, code: str = AGENTS) -> Run:
    with WorkerProcess(spec, tmp_path / "worker.log", (sys.executable, "-c", code)) as worker:
        return worker.result(120.0)


def pacers() -> list[psutil.Process]:
    """The pacers below this process; those of other tests are not ours to judge."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if "harness.calibration.pacer.pacer" in process.cmdline():
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_requests_know_their_server_and_all_servers_end(tmp_path: Path) -> None:
    before = pacers()
    spec = spec_of("pacer", "pacer", WORKLOAD, itl_ms=1, streams=2, server__fast__ttft_ms=5, server__slow__ttft_ms=60)
    run = ran(tmp_path, spec)
    assert run.outcome == OK
    assert [(engine.server, engine.effective["ttft_ms"]) for engine in run.engines] == [("fast", 5.0), ("slow", 60.0)]
    assert [(r.stream, r.server, r.index) for r in run.requests] == [
        (stream, server, index)
        for stream, server in enumerate(("fast", "slow"))
        for index in range(3 * stream, 3 * stream + 3)
    ]
    for request in run.requests:
        truth = written(request.effective)
        assert truth is not None
        assert truth.due_ns - truth.seen_ns == (5 if request.server == "fast" else 60) * 1_000_000
    quantities = {reading.quantity for reading in run.readings if reading.probe == "process" and reading.value}
    assert {"engine.fast.rss", "engine.slow.rss", "client.rss"} <= quantities
    assert pacers() == before


def test_clients_of_their_own_reach_every_server(tmp_path: Path) -> None:
    settings = {"itl_ms": 1, "streams": 4, "clients": 2, "server__a__ttft_ms": 5, "server__b__ttft_ms": 40}
    run = ran(tmp_path, spec_of("pacer", "pacer", WORKLOAD, **settings))
    assert run.outcome == OK
    assert [(r.stream, r.server) for r in run.requests if r.phase is Phase.COLD] == [
        (0, "a"), (1, "b"), (2, "a"), (3, "b")
    ]  # fmt: skip


def test_a_server_that_does_not_start_ends_the_others_and_is_named(tmp_path: Path) -> None:
    before = pacers()
    run = ran(
        tmp_path,
        spec_of("pacer", "pacer", WORKLOAD, itl_ms=1, streams=2, server__a__ttft_ms=5, server__b__ttft_ms="soon"),
    )
    assert (run.outcome.status, run.outcome.code) == (Status.UNSUPPORTED, Code.SETTING_REJECTED)
    assert run.outcome.detail.startswith("the server b: pacer needs ttft_ms")
    assert [engine.server for engine in run.engines] == ["a"]
    assert run.requests == ()
    assert pacers() == before


def test_the_second_prompt_of_an_agent_is_made_of_its_first_answer(tmp_path: Path) -> None:
    session = Session(STUDY, STUDY.profile("smoke"), {}, tmp_path)
    (planned,) = session.planned
    run = ran(tmp_path, run_spec(STUDY, session.profile, planned, str(tmp_path / "engine")))
    assert run.outcome == OK
    assert [(task.index, task.agent, task.server) for task in run.tasks] == [
        (2 * number + k, agent, server) for number in range(4) for k, (agent, server) in enumerate(AGENTS_ASK)
    ]
    assert [request.index for request in run.requests] == list(range(16))
    for index, asked in groupby(run.requests, lambda request: request.task):
        first, second = asked
        task = next(task for task in run.tasks if task.index == index)
        assert (first.turn, second.turn) == (0, 1)
        assert (first.text, second.text) == (" tok" * 6, " tok" * 7)
        assert second.prompt_id == prompt_id(second_prompt(first.text))
        assert {first.server, second.server} == {task.server}
        assert task.text == second.text
        assert task.started_ns is not None
        assert task.ended_ns is not None
        assert task.planned_ns <= task.started_ns <= first.planned_ns < second.planned_ns <= task.ended_ns
        assert (task.ingested_files, task.ingested_bytes) == (1, FILE.stat().st_size)
    phases = [request.phase.value for request in run.requests]
    assert phases == ["cold"] * 4 + ["warmup"] * 4 + ["measured"] * 8
    for one, other in zip(run.tasks[::2], run.tasks[1::2], strict=True):
        assert one.planned_ns == other.planned_ns, "both begin together"
    sealed = recorded(session, run, tmp_path)
    assert sealed.table("tasks")["agent"].to_pylist() == ["one", "two"] * 4
    assert sealed.table("engines")["server"].to_pylist() == ["a", "b"]
    assert sealed.requests["turn"].to_pylist() == [0, 1] * 8


AGENTS_ASK = (("one", "a"), ("two", "b"))


def recorded(session: Session, run: Run, tmp_path: Path) -> Dataset:
    with Recorder.create(tmp_path / "journal", session.header()) as recorder:
        recorder.append(run)
    return Dataset.open(seal(tmp_path / "journal", tmp_path / "data").path)


def test_an_agent_that_fails_is_an_outcome_and_its_calls_are_kept(tmp_path: Path) -> None:
    settings = {"ttft_ms": 1, "itl_ms": 1, "agent__good__language": "python", "agent__good__task": "report"}
    bad = {"agent__bad__language": "python", "agent__bad__task": "report", "agent__bad__fault": "raises"}
    run = ran(tmp_path, spec_of("pacer", "pacer", WORKLOAD, **settings, **bad))
    assert (run.outcome.status, run.outcome.code) == (Status.DEGRADED, Code.REQUESTS_FAILED)
    assert "3 of 6 tasks failed; first: worker_crashed: ValueError: no idea" in run.outcome.detail
    calls = {agent: sum(r.stream == k for r in run.requests) for k, agent in enumerate(("bad", "good"))}
    assert calls == {"bad": 3, "good": 6}
    assert all(request.outcome == OK for request in run.requests)


def test_an_engine_in_the_worker_has_no_address_for_agents(tmp_path: Path) -> None:
    agent = {"agent__a__language": "python", "agent__a__task": "report"}
    run = ran(tmp_path, spec_of("pytorch", "gpt2-0.1m", WORKLOAD, **agent))
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, Code.SETTING_REJECTED)
    assert "cannot ask it" in run.outcome.detail
