"""How long a block takes is told by what is recorded; an interruption in between counts for nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.design import Factor, Profile, plan
from harness.execution.block_time import block_time, profile_minutes
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal_recording
from tests.support.datasets import header, make_dataset, synthetic_study
from tests.support.runs import RunMaker

STUDY = synthetic_study()


def record(root: Path, lasted_s: int, pause_s: int, interrupted_s: int = 0) -> None:
    """A block of eight runs, with an interruption in the middle."""
    planned = plan(STUDY.matrix("quick").cells(), 1, seed=lasted_s)
    maker, second = RunMaker(STUDY, 1, 4, 1, {}), 10**9
    began = 0
    journal = root / f"journal.{lasted_s}"
    with Recorder.create(journal, header(STUDY, planned, seed=lasted_s)) as recorder:
        for number, item in enumerate(planned):
            run = replace(maker.run(item), started_unix_ns=began * second, duration_ns=lasted_s * second)
            recorder.append(run)
            began += lasted_s + pause_s + (interrupted_s if number == 3 else 0)
    seal_recording(journal, root / "data", {})


@pytest.mark.parametrize("interrupted_s", [0, 3000])
def test_runs_and_the_pauses_between_them_without_an_interruption(tmp_path: Path, interrupted_s: int) -> None:
    record(tmp_path, lasted_s=10, pause_s=2, interrupted_s=interrupted_s)
    found = block_time(STUDY, tmp_path / "data")
    assert found.minutes == pytest.approx(8 * 12 / 60)
    assert found.source == "tr108/r0001"
    assert found.text == "1.6 min"


def test_the_newest_recording_tells(tmp_path: Path) -> None:
    make_dataset(tmp_path / "data", runs=5, requests=1)
    record(tmp_path, lasted_s=10, pause_s=2)
    record(tmp_path, lasted_s=20, pause_s=2)
    assert block_time(STUDY, tmp_path / "data").minutes == pytest.approx(8 * 22 / 60)


def test_without_a_recording_the_time_is_unknown_and_the_limit_is_named_as_one(tmp_path: Path) -> None:
    limited = replace(STUDY, profiles=(Profile("quick", runs=5, run_timeout_s=30.0),))
    found = block_time(limited, tmp_path)
    assert (found.minutes, found.source, found.limit) == (None, None, 4.0)
    assert found.text == "unknown before its first block (limit 4 min)"


def test_a_recording_of_other_cells_tells_nothing(tmp_path: Path) -> None:
    record(tmp_path, lasted_s=10, pause_s=2)
    more = replace(STUDY, factors=(*STUDY.factors[:2], Factor("threads", (1, 2, 4), "threads", "threads")))
    assert block_time(more, tmp_path / "data").source is None


def test_a_profile_takes_all_runs_of_its_cells_and_one_with_other_cells_is_unknown(tmp_path: Path) -> None:
    record(tmp_path, lasted_s=10, pause_s=2)
    more = Factor("threads", (1, 2, 4), "threads", "threads")
    profiles = (
        Profile("quick", runs=1, subset=(("threads", (1, 2)),)),
        Profile("full", runs=5, subset=(("threads", (1, 2)),)),
        Profile("smoke", runs=2, subset=(("threads", (1,)),)),
        Profile("wide", runs=1),
    )
    study = replace(STUDY, factors=(*STUDY.factors[:2], more), profiles=profiles)
    assert profile_minutes(study, tmp_path / "data") == {
        "quick": pytest.approx(8 * 12 / 60),
        "full": pytest.approx(5 * 8 * 12 / 60),
        "smoke": pytest.approx(2 * 4 * 12 / 60),
        "wide": None,
    }
    assert set(profile_minutes(study, tmp_path / "none").values()) == {None}
