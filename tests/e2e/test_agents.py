"""Real agents in a run of their own, from the worker's process to the sealed dataset and its metrics."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from harness.agents.corpus import digests
from harness.datasets.read import Dataset
from harness.design import Factor, Profile, Prompt, Study, Value, Workload
from harness.errors import StudyError
from harness.events import Phase, Run
from harness.execution.agent_programs import build_agents
from harness.execution.recording_session import Session
from harness.execution.worker_process import WorkerProcess
from harness.metrics.runs import per_run
from harness.models import GEMMA_3_270M
from harness.outcomes import OK, Code, Status
from harness.protocols.run_spec import RunSpec, run_spec
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal
from tests.support.agents import need_rust
from tests.support.specs import spec_of

WORKLOAD = Workload((Prompt("none", "none"),), max_tokens=12, warmup=1)
LIMIT_S = 240.0
SLOW_MS = 500
"""Between the tokens of a server that is to be killed while it answers: an answer takes 6 s."""


def ran(tmp_path: Path, spec: RunSpec) -> Run:
    with WorkerProcess(spec, tmp_path / "worker.log") as worker:
        return worker.result(LIMIT_S)


def settings(**also: Value) -> dict[str, Value]:
    """Two agents in Python at one pacer."""
    found: dict[str, Value] = {"ttft_ms": 20, "itl_ms": 1}
    for name, role in (("a", "collector"), ("b", "insight")):
        found |= {f"agent__{name}__language": "python", f"agent__{name}__task": role}
    return found | also


def study(tmp_path: Path, **fixed: Value) -> Session:
    """A session of one cell with two agents."""
    declared = Study(
        id="pair",
        title="A Pair",
        question="Do two agents get on?",
        backend="pacer",
        factors=(Factor("baselines", (True,)),),
        workload=WORKLOAD,
        profiles=(Profile("smoke", runs=1),),
        metrics=("parallel_speedup",),
        fixed=(("model", "pacer"), *((name.replace("__", "."), value) for name, value in settings(**fixed).items())),
    )
    return Session(declared, declared.profile("smoke"), {}, tmp_path)


@pytest.mark.parametrize("isolation", ["processes", "tasks"])
def test_two_agents_alone_and_together_become_numbers(tmp_path: Path, isolation: str) -> None:
    session = study(tmp_path, isolation=isolation)
    (planned,) = session.planned
    run = ran(tmp_path, run_spec(session.study, session.profile, planned, str(tmp_path / "engine")))
    assert run.outcome == OK
    assert sorted((task.phase.value, task.agent) for task in run.tasks) == [
        ("cold", "a"), ("cold", "b"), ("measured", "a"), ("measured", "a"), ("measured", "b"), ("measured", "b"),
        ("warmup", "a"), ("warmup", "b"),
    ]  # fmt: skip
    assert {task.ingested_files for task in run.tasks} == {len(digests())}
    assert run.facts["agent.a.client"] == "httpx 0.28.1"
    for task in run.tasks:
        assert task.startup_ns is not None
        assert task.cpu_ns is not None
        assert task.started_ns is not None
        assert task.started_ns >= task.planned_ns
    assert len(run.requests) == 16
    assert {request.prompt_id for request in run.requests} == {"analyse", "report"}
    dataset = recorded(session, run, tmp_path)
    names = ("parallel_speedup", "overlap_ratio", "start_skew", "aggregate_tps", "contention", "agent_cpu_time")
    found = {name: per_run(dataset.runs, dataset.requests, name, tables=dataset) for name in names}
    assert not [name for name, values in found.items() if values.missing]
    assert found["start_skew"].values[0] < 5000


def recorded(session: Session, run: Run, tmp_path: Path) -> Dataset:
    with Recorder.create(tmp_path / "journal", session.header()) as recorder:
        recorder.append(run)
    return Dataset.open(seal(tmp_path / "journal", tmp_path / "data").path)


def test_one_of_each_language_side_by_side(tmp_path: Path) -> None:
    need_rust()
    run = ran(tmp_path, spec_of("pacer", "pacer", WORKLOAD, **settings(agent__b__language="rust")))
    assert run.outcome == OK
    assert {task.language for task in run.tasks} == {"python", "rust"}
    prompts = {
        language: {r.effective["prompt_sha256"] for r in run.requests if r.task in indices and r.prompt_id == "analyse"}
        for language in ("python", "rust")
        if (indices := {task.index for task in run.tasks if task.language == language})
    }
    assert [len(found) for found in prompts.values()] == [1, 1]
    assert all(task.startup_ns for task in run.tasks)


def test_an_agent_that_cannot_start_leaves_the_other_whole(tmp_path: Path) -> None:
    run = ran(tmp_path, spec_of("pacer", "pacer", WORKLOAD, **settings(agent__a__runtime="trio")))
    assert (run.outcome.status, run.outcome.code) == (Status.DEGRADED, Code.REQUESTS_FAILED)
    assert {task.outcome.code for task in run.tasks if task.agent == "a"} == {Code.SETTING_REJECTED}
    assert {task.outcome for task in run.tasks if task.agent == "b"} == {OK}
    assert len(run.requests) == 6


@pytest.mark.parametrize("servers", [1, 2])
def test_a_server_dies_under_its_agents_and_another_agent_goes_on(tmp_path: Path, servers: int) -> None:
    """The server of ``a``, or of both, is killed while they work; the matrix goes on with what others measured."""
    apart = {
        "agent__a__server": "one",
        "agent__b__server": "two",
        "server__one__itl_ms": SLOW_MS,
        "server__two__itl_ms": 1,
    }
    asked = settings(**apart) if servers == 2 else settings(itl_ms=SLOW_MS)
    if servers == 2:
        del asked["itl_ms"]
    spec = spec_of("pacer", "pacer", WORKLOAD, **asked)
    killed = threading.Event()

    def kill_one() -> None:
        """The first pacer that was started is the server ``one``."""
        limit = time.monotonic() + LIMIT_S
        while not killed.is_set() and time.monotonic() < limit:
            time.sleep(0.05)
            children = psutil.Process().children(recursive=True)
            pacers = [child for child in children if _is(child, "harness.calibration.pacer.pacer")]
            agents = [child for child in children if _is(child, "harness.agents.python")]
            if len(pacers) == servers and len(agents) == 2 and any(map(_asks, agents)):
                os.kill(min(pacers, key=lambda child: child.create_time()).pid, signal.SIGKILL)
                killed.set()

    watcher = threading.Thread(target=kill_one)
    watcher.start()
    try:
        run = ran(tmp_path, spec)
    finally:
        killed.set()
        watcher.join()
    assert run.outcome.status in (Status.DEGRADED, Status.FAILED)
    lost = "ab" if servers == 1 else "a"
    assert all(task.outcome == OK for task in run.tasks if task.agent not in lost)
    for name in lost:
        codes = {task.outcome.code for task in run.tasks if task.agent == name and task.phase is Phase.MEASURED}
        assert codes
        assert codes <= {Code.CONNECT_REFUSED, Code.CLOSED_EARLY}


def test_agents_at_different_rates_are_both_measured(tmp_path: Path) -> None:
    """The second server is slower: nobody fails, and what does not overlap is lost to imbalance or to coordination."""
    rates = {"agent__a__server": "one", "agent__b__server": "two", "server__one__itl_ms": 1, "server__two__itl_ms": 30}
    asked = {key: value for key, value in settings(**rates).items() if key != "itl_ms"}
    session = study(tmp_path, **asked)
    (planned,) = session.planned
    run = ran(tmp_path, run_spec(session.study, session.profile, planned, str(tmp_path / "engine")))
    assert run.outcome == OK
    measured = [task for task in run.tasks if task.phase is Phase.MEASURED]
    assert [task.outcome for task in measured] == [OK] * 4
    slow = [task for task in measured if task.agent == "b"]
    assert all((task.ended_ns or 0) - (task.started_ns or 0) > 2 * 11 * 29_000_000 for task in slow)
    dataset = recorded(session, run, tmp_path)
    parts = ("overlap_efficiency", "imbalance_loss", "coordination_loss")
    found = [per_run(dataset.runs, dataset.requests, name, tables=dataset).values[0] for name in parts]
    assert sum(found) == pytest.approx(100)


def _asks(process: psutil.Process) -> bool:
    """Whether it has a connection now."""
    try:
        return any(one.status == psutil.CONN_ESTABLISHED for one in process.net_connections())
    except psutil.Error:
        return False


def _is(process: psutil.Process, module: str) -> bool:
    try:
        return module in process.cmdline()
    except psutil.Error:
        return False


def test_a_study_of_rust_is_built_before_it_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    monkeypatch.setattr("harness.execution.agent_programs.build", lambda: built.append("built"))
    for language, expected in (("python", []), ("rust", ["built"])):
        session = study(tmp_path, agent__b__language=language)
        build_agents(session.study, session.cells)
        assert built == expected


def test_agents_are_processes_or_tasks_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="isolation"):
        study(tmp_path, isolation="threads")


@pytest.mark.engine
def test_two_agents_ask_the_real_engine(tmp_path: Path) -> None:
    asked = settings(num_ctx=1024, threads=1, parallel=2, temperature=0.0, max_tokens=8)
    del asked["ttft_ms"], asked["itl_ms"]
    run = ran(tmp_path, spec_of("llama_cpp", GEMMA_3_270M.name, replace(WORKLOAD, warmup=0), **asked))
    assert run.outcome == OK
    for request in run.requests:
        assert request.counters.cache_n == 0
        assert request.counters.predicted_n == sum(request.tokens) == 8
        assert request.counters.prompt_n is not None
        assert 250 < request.counters.prompt_n < 500, "fits a context of 512 with 48 tokens of answer"
