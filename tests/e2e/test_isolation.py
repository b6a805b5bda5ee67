"""An engine that exhausts memory, crashes or hangs in its worker is an outcome; the next run is none the worse."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from harness.events import Run
from harness.execution.worker_process import WorkerProcess
from harness.outcomes import OK, Code, Status
from harness.protocols.run_spec import RunSpec
from tests.support.specs import spec_of

SPEC = spec_of("pytorch", "gpt2-0.1m", threads=1, temperature=0.0)
WORKER = "from harness.worker.__main__ import main; main()"
SABOTAGE = """
from harness.backends.in_process.torch import engine as torch_engine
def step(self, token):
    {fault}
torch_engine.TorchDecoding.step = step
from harness.worker.__main__ import main; main()
"""


def ran(tmp_path: Path, code: str, spec: RunSpec = SPEC, timeout_s: float = 900.0) -> Run:
    with WorkerProcess(spec, tmp_path / "worker.log", (sys.executable, "-c", code)) as worker:
        return worker.result(timeout_s)


FAULTS = (
    ("import torch; torch.empty(1 << 50)", Code.REQUESTS_FAILED, "out_of_memory: RuntimeError"),
    ("import ctypes; ctypes.string_at(0)", Code.WORKER_CRASHED, "SIGSEGV"),
)


def test_a_fault_while_generating_is_an_outcome_and_the_next_run_is_complete(tmp_path: Path) -> None:
    for fault, code, detail in FAULTS:
        run = ran(tmp_path, SABOTAGE.format(fault=fault))
        assert (run.outcome.status, run.outcome.code) == (Status.FAILED, code)
        assert detail in run.outcome.detail
    run = ran(tmp_path, WORKER, replace(SPEC, scored=True))
    assert run.outcome == OK
    assert run.started is not None
    assert run.started.effective["trained"] is False
    assert [len(request.tokens) for request in run.requests] == [4, 4, 4]
    assert run.facts["evidence.graphs"] == 0
    assert run.facts["accuracy.perplexity"] is None
    assert len(str(run.facts["accuracy.greedy"]).split()) == 128
    assert "loop_lag" not in run.flags


def test_a_hang_while_generating_is_cut_off(tmp_path: Path) -> None:
    run = ran(tmp_path, SABOTAGE.format(fault="import time; time.sleep(600)"), timeout_s=30.0)
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, Code.RUN_TIMEOUT)


def test_a_model_that_does_not_fit_into_memory_is_an_outcome(tmp_path: Path) -> None:
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_DATA, (800 << 20,) * 2)\n{WORKER}"
    run = ran(tmp_path, limited, spec_of("pytorch", "gpt2-124m", threads=1, temperature=0.0))
    assert (run.outcome.status, run.outcome.code) == (Status.FAILED, Code.OUT_OF_MEMORY)
