"""kill -9 at random points: nothing acknowledged is lost or doubled, and the same command completes the matrix."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from harness.events import Run
from harness.outcomes import Code, Status
from tests.support.small_matrix import ENGINE, WORKER, SmallMatrix, appearing, descendants, gone

pytestmark = pytest.mark.engine

KILLS = int(os.environ.get("BINDERY_KILLS", "8"))


def test_a_killed_worker_is_an_outcome_and_the_matrix_goes_on(tmp_path: Path) -> None:
    matrix, rng, killed = SmallMatrix(tmp_path, runs=KILLS // 2), random.Random(1), 0
    harness = matrix.start()
    for worker in appearing(harness, WORKER):
        time.sleep(rng.uniform(0, 0.7))
        with suppress(psutil.NoSuchProcess):
            worker.kill()
            killed += 1
    _, errors = harness.communicate(timeout=1500)
    runs = matrix.runs()
    assert len(runs) == matrix.size, errors
    codes = {run.outcome.code for run in runs.values() if run.outcome.status is Status.FAILED}
    assert codes == {Code.WORKER_KILLED}
    assert killed >= KILLS // 2


def test_a_killed_engine_is_an_outcome_and_the_matrix_goes_on(tmp_path: Path) -> None:
    matrix, rng = SmallMatrix(tmp_path, runs=KILLS // 2), random.Random(2)
    harness = matrix.start()
    for engine in appearing(harness, ENGINE):
        time.sleep(rng.uniform(0, 0.5))
        with suppress(psutil.NoSuchProcess):
            engine.kill()
    _, errors = harness.communicate(timeout=1500)
    runs = matrix.runs()
    assert len(runs) == matrix.size, errors
    failures = [run.outcome for run in runs.values() if run.outcome.status is not Status.OK]
    assert len(failures) >= KILLS // 4
    assert {outcome.code for outcome in failures} <= {Code.ENGINE_EXITED, Code.ENGINE_REFUSED, Code.REQUESTS_FAILED}


def test_a_killed_harness_loses_nothing_and_the_same_command_completes(tmp_path: Path) -> None:
    matrix, rng, kills = SmallMatrix(tmp_path, runs=KILLS // 2), random.Random(3), 0
    before: dict[str, Run] = {}
    while True:
        harness = matrix.start("--seal")
        deadline = time.monotonic() + rng.uniform(0.3, 2.0) if kills < KILLS else float("inf")
        while harness.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        if harness.poll() is not None:
            break
        left = descendants(harness.pid, WORKER) + descendants(harness.pid, ENGINE)
        harness.send_signal(signal.SIGKILL)
        harness.communicate()
        kills += 1
        assert gone(left)
        after = matrix.runs()
        assert before.items() <= after.items(), "an acknowledged run was lost or altered"
        before = after
    out, errors = harness.communicate()
    assert harness.returncode == 0, out + errors
    assert len(matrix.runs()) == matrix.size
    assert kills >= KILLS // 2
    assert (matrix.data / "tiny" / "v1" / "manifest.json").exists()
