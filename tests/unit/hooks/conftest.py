from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.weights.made_once import made_once
from hooks.analysis.measurements import Measurements
from hooks.build.builder import Builder
from hooks.project import Project
from hooks.rendering.page import Rendered
from tests.support.projects import copy_project, record


@pytest.fixture(scope="session", autouse=True)
def in_this_process() -> Iterator[None]:
    """What a build computes, it computes here: the other processes import everything anew, which takes them longer
    than the small datasets of these tests. `test_ahead` names its processes, and built sites have theirs."""
    with pytest.MonkeyPatch.context() as here:
        here.setattr("hooks.caching.ahead.processors", lambda: (0,))
        yield


@pytest.fixture(scope="session")
def recorded(shared: Path) -> Path:
    """A data root with one synthetic TR108 dataset. Read only."""
    return made_once(shared / "recorded", record)


@pytest.fixture(scope="session")
def measured(recorded: Path) -> Measurements:
    return Measurements(Dataset.open(recorded / "tr108" / "v1"))


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that tests share, so that a dataset is computed once. Safe: its keys are hashes of the inputs."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture
def project(tmp_path: Path, recorded: Path, store: Path) -> Project:
    """A copy of the project that shows the synthetic dataset as a local recording."""
    return Project.at(copy_project(tmp_path / "project"), recorded, store)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory, recorded: Path, store: Path) -> Rendered:
    """The project as it is, rendered from the synthetic dataset. Read only."""
    root = copy_project(tmp_path_factory.mktemp("rendered") / "project")
    made = Builder(Project.at(root, recorded, store)).render()
    made.finish()
    return made
