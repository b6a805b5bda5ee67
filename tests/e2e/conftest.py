"""What several end-to-end tests share because it takes long to make."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.weights.made_once import made_once
from tests.support.several_datasets import make_project, reports


@pytest.fixture(scope="session")
def several(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a report over three datasets, its claims reviewed and its site built. Read only.

    A copy of this worker: commands that run in it write to its cache.
    """
    made = made_once(shared / "several", _make_several)
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("several") / "project"))


def _make_several(folder: Path) -> None:
    made = make_project(folder)
    for arguments in (("review", "tr123", "--yes"), ("build", "--out", "site")):
        done = reports(made, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
