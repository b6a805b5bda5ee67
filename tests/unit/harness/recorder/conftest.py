"""One small synthetic recording: its header, its runs, and a recorder that holds them all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.design import Study, plan
from harness.events import Run
from harness.recorder.recorder import Recorder
from harness.recorder.records import Header
from tests.support.datasets import header, synthetic_study
from tests.support.runs import RunMaker


@dataclass(frozen=True)
class Recording:
    study: Study
    header: Header
    runs: tuple[Run, ...]

    def write(self, path: Path, runs: int | None = None) -> Path:
        with Recorder.create(path, self.header) as recorder:
            for run in self.runs[:runs]:
                recorder.append(run)
        return path


@pytest.fixture(scope="session")
def recording() -> Recording:
    study = synthetic_study()
    planned = plan(study.matrix("quick").cells(), 1, study.order_seed)
    maker = RunMaker(study, requests=1, tokens=4, seed=0, effect={})
    return Recording(study, header(study, planned), tuple(maker.run(item) for item in planned))
