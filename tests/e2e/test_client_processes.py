"""Several client processes at one engine: nothing is lost, doubled or translated, and their cost is recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.calibration.written import written
from harness.design import Prompt, Value, Workload
from harness.events import Phase, Run
from harness.execution.worker_process import WorkerProcess
from harness.outcomes import OK, Code, Status
from harness.protocols import Deadlines
from harness.protocols.run_spec import RunSpec

SPEC = RunSpec(
    study="demo",
    run_id="abc-000",
    cell_id="abc",
    replicate=0,
    block=0,
    position=0,
    backend="pacer",
    model="pacer",
    settings={"ttft_ms": 10, "itl_ms": 2, "streams": 5, "stagger_us": 700, "clients": 2},
    workload=Workload((Prompt("p", "Say tok."),), max_tokens=8, warmup=0),
    max_tokens=8,
    deadlines=Deadlines(),
    engine_log="",
)


def ran(tmp_path: Path, **settings: Value) -> Run:
    spec = replace(SPEC, settings=SPEC.settings | settings)
    with WorkerProcess(spec, tmp_path / "worker.log") as worker:
        return worker.result(60.0)


def test_two_clients_ask_what_one_would(tmp_path: Path) -> None:
    shared, alone = ran(tmp_path), ran(tmp_path, clients=1)
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


@pytest.mark.parametrize(
    ("settings", "detail"),
    [
        ({"clients": 6}, "clients share the streams of a closed loop, and there are 5"),
        ({"clients": 2, "rate_per_s": 10.0}, "clients share the streams of a closed loop"),
        ({"clients": -1}, "must be a whole number"),
    ],
)
def test_clients_that_cannot_be_are_refused(tmp_path: Path, settings: dict[str, Value], detail: str) -> None:
    run = ran(tmp_path, **settings)
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, Code.SETTING_REJECTED)
    assert detail in run.outcome.detail


def test_an_engine_in_the_worker_cannot_be_shared(tmp_path: Path) -> None:
    spec = replace(SPEC, backend="pytorch", model="gpt2-0.1m", settings={"streams": 2, "clients": 2})
    with WorkerProcess(spec, tmp_path / "worker.log") as worker:
        run = worker.result(60.0)
    assert run.outcome.code is Code.SETTING_REJECTED
    assert "several clients cannot share it" in run.outcome.detail
