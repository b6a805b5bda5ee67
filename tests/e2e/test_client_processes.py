"""Several client processes at one engine: nothing is lost, doubled or translated, and their cost is recorded."""

from __future__ import annotations

import sys
from pathlib import Path

from harness.calibration.written import written
from harness.design import Prompt, Value, Workload
from harness.events import Phase, Run
from harness.execution.worker_process import WorkerProcess
from harness.outcomes import OK, Code, Status
from tests.support.specs import spec_of

PACED: dict[str, Value] = {"ttft_ms": 10, "itl_ms": 2, "streams": 5, "stagger_us": 700, "clients": 2}
WORKLOAD = Workload((Prompt("p", "Say tok."),), max_tokens=8, warmup=0)


def ran(tmp_path: Path, backend: str = "pacer", model: str = "pacer", **settings: Value) -> Run:
    with WorkerProcess(spec_of(backend, model, WORKLOAD, **settings), tmp_path / "worker.log") as worker:
        return worker.result(120.0)


def test_two_clients_ask_what_one_would(tmp_path: Path) -> None:
    shared, alone = ran(tmp_path, **PACED), ran(tmp_path, **{**PACED, "clients": 1})
    assert shared.outcome == alone.outcome == OK
    assert [(r.index, r.stream, r.phase) for r in shared.requests] == [
        (r.index, r.stream, r.phase) for r in alone.requests
    ]
    assert all(sum(r.tokens) == 8 for r in shared.requests)
    cold = {r.stream: r.planned_ns for r in shared.requests if r.phase is Phase.COLD}
    assert [cold[k] - cold[0] for k in range(5)] == [700_000 * k for k in range(5)]
    for request in shared.requests:
        truth = written(request.effective)
        assert truth is not None
        pairs = zip(request.arrivals_ns, truth.writes_ns, strict=True)
        assert all(seen > wrote for seen, wrote in pairs), "all processes read one clock"
    assert shared.facts["client_processes"] == 2
    assert int(shared.facts["client_cpu_ns"] or 0) > 0
    assert "client_processes" not in alone.facts


def test_an_engine_in_the_worker_cannot_be_shared(tmp_path: Path) -> None:
    run = ran(tmp_path, "pytorch", "gpt2-0.1m", streams=2, clients=2)
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, Code.SETTING_REJECTED)
    assert "clients and agents of their own cannot ask it" in run.outcome.detail


def test_a_client_that_lives_ends_with_the_one_that_died(tmp_path: Path) -> None:
    """The second one says nothing: the thread that listens to it must end, and the worker with it."""
    client = (
        "import json, sys, time; share = json.loads(sys.stdin.readline()); "
        "time.sleep(600) if share['streams'][0] else sys.exit('no room')"
    )
    sabotage = (
        "from harness.worker import client_processes\n"
        "from harness.processes.child import sys\n"
        f"client_processes.python = lambda module: (sys.executable, '-c', {client!r})\n"
        "from harness.worker.__main__ import main; main()"
    )
    spec = spec_of("pacer", "pacer", WORKLOAD, **PACED)
    with WorkerProcess(spec, tmp_path / "worker.log", (sys.executable, "-c", sabotage)) as worker:
        run = worker.result(120.0)
    assert run.outcome.detail == "a client process ended with exit status 1: no room"


def test_a_client_that_dies_is_the_outcome_of_the_run_with_its_last_words(tmp_path: Path) -> None:
    sabotage = (
        "from harness.worker import client_processes\n"
        "from harness.processes.child import sys\n"
        "client_processes.python = lambda module: (sys.executable, '-c', 'raise SystemExit(\"no room\")')\n"
        "from harness.worker.__main__ import main; main()"
    )
    spec = spec_of("pacer", "pacer", WORKLOAD, **PACED)
    with WorkerProcess(spec, tmp_path / "worker.log", (sys.executable, "-c", sabotage)) as worker:
        run = worker.result(120.0)
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, Code.WORKER_CRASHED)
    assert run.outcome.detail == "a client process ended with exit status 1: no room"
    assert run.started is not None
