"""Small synthetic journals for tests of the seal."""

from __future__ import annotations

from pathlib import Path

from harness.design import plan
from harness.recorder.recorder import Recorder
from tests.support.datasets import header, synthetic_study
from tests.support.runs import RunMaker


def write_journal(path: Path, seed: int = 0, recorded: int | None = None, study_id: str = "tr108") -> Path:
    """Eight planned runs, of which the first ``recorded`` (or all) are in the journal. A seed is an identity."""
    study = synthetic_study(study_id)
    planned = plan(study.matrix("quick").cells(), 1, study.order_seed)
    maker = RunMaker(study, requests=1, tokens=4, seed=seed, effect={})
    with Recorder.create(path, header(study, planned, seed)) as recorder:
        for item in planned[:recorded]:
            recorder.append(maker.run(item))
    return path
