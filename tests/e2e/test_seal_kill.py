"""A seal that is killed leaves the old state or the new one, and the next seal cleans up after it."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.datasets.catalog import catalog
from harness.datasets.read import Dataset
from harness.errors import VersionExists
from harness.recorder.seal import seal
from tests.support.journals import write_journal
from tests.support.zygote import Zygote, zygote

KILLS = 60
MANY_STEPS = 500


@pytest.fixture(scope="module")
def children() -> Iterator[Zygote]:
    with zygote() as started:
        yield started


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("expected")
    return seal(write_journal(folder / "journal"), folder / "data").digest


def check_and_finish(journal: Path, root: Path, expected: str) -> bool:
    """Whether the killed seal had published; in any case the next seal ends with exactly one whole version."""
    published = [Dataset.open(ref.path).digest for ref in catalog(root)]
    assert published in ([], [expected])
    if published:
        with pytest.raises(VersionExists, match="already sealed as tr108/v1"):
            seal(journal, root)
    else:
        assert seal(journal, root).digest == expected
    assert [path.name for path in (root / "tr108").iterdir()] == ["v1"]
    assert Dataset.open(root / "tr108" / "v1").digest == expected
    return bool(published)


def test_a_kill_before_every_step_leaves_the_old_state_or_the_new(
    tmp_path: Path, children: Zygote, expected: str
) -> None:
    journal = write_journal(tmp_path / "journal")
    outcomes: list[bool] = []
    for step in range(MANY_STEPS):
        root = tmp_path / f"data-{step}"
        status = children.wait(children.start("seal_until_step", str(journal), str(root), step))
        if status == 0:
            break
        assert status == -signal.SIGKILL
        outcomes.append(check_and_finish(journal, root, expected))
    else:
        pytest.fail("the seal never ended")
    assert len(outcomes) >= 20
    assert outcomes == sorted(outcomes)
    assert outcomes[-1]


def test_kills_at_random_moments_leave_the_old_state_or_the_new(
    tmp_path: Path, children: Zygote, expected: str
) -> None:
    rng = random.Random(20)
    journal = write_journal(tmp_path / "journal")
    whole = duration(children, journal, tmp_path / "timing")
    killed = 0
    for attempt in range(KILLS):
        root = tmp_path / f"data-{attempt}"
        child = children.start("seal_journal", str(journal), str(root))
        time.sleep(rng.uniform(0, whole))
        early = children.kill(child) == -signal.SIGKILL
        whole *= 1.1 if early else 0.8  # other work on the machine comes and goes
        killed += early
        check_and_finish(journal, root, expected)
    assert killed >= KILLS / 3


def duration(children: Zygote, journal: Path, root: Path) -> float:
    began = time.monotonic()
    assert children.wait(children.start("seal_journal", str(journal), str(root))) == 0
    return time.monotonic() - began
