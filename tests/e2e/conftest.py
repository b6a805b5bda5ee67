"""What several end-to-end tests share because it takes long to make."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.several_datasets import make_project, reports


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a report over three datasets, its claims reviewed and its site built. Read only."""
    made = make_project(tmp_path_factory.mktemp("several") / "project")
    for arguments in (("review", "tr123", "--yes"), ("build", "--out", "site")):
        done = reports(made, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return made
