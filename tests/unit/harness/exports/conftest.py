"""What is exported: a version of two sessions with hostile texts in a project's folder, and a published one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.datasets.catalog import find, recordings
from harness.design import Factor
from harness.exports.sealed_dataset import SealedDataset
from harness.imports.importing import import_file
from harness.recorder.versions import publish_version
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.imported import FIXTURES
from tests.support.projects import ROOT

HOSTILE = 'x</script><img src=y> ](http://h.invalid) ``` "\\{%~^ \u202e$&#_ | `'
FACTOR = 'a <b>//"c" %41 \u202e?#'
PROJECT = """[project]
license = "Apache-2.0"
authors = [{ name = "A & <b>B</b>" }, { email = "nobody@h.invalid" }]
urls = { Homepage = "https://h.invalid/x" }
"""


@pytest.fixture(scope="session")
def two_sessions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data root with ``tr108/v1``, whose two recordings differ in their machine."""
    root = tmp_path_factory.mktemp("project") / "data"
    root.mkdir()
    (root.parent / "pyproject.toml").write_text(PROJECT)
    study = synthetic_study()
    study = replace(study, title=HOSTILE, factors=(*study.factors, Factor(FACTOR, (True,), unit="<i>")))
    for seed, host in enumerate((HOSTILE, "feed")):
        environment = {"host_id": host, "cpu_model": HOSTILE}
        make_dataset(root, study=study, runs=1, requests=1, tokens=3, seed=seed, session={}, environment=environment)
    publish_version(root, recordings(root, "tr108"))
    return root


@pytest.fixture(scope="session")
def hostile(two_sessions: Path) -> SealedDataset:
    return SealedDataset.open(two_sessions, find(two_sessions, "tr108"))


@pytest.fixture(scope="session")
def published() -> SealedDataset:
    """A version of the project's own with tables of its own."""
    return SealedDataset.open(ROOT / "data", find(ROOT / "data", "tr120", "v1"))


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> SealedDataset:
    """What another tool measured, whose file says of no run when it began."""
    root = tmp_path_factory.mktemp("imported") / "data"
    label = import_file(FIXTURES / "vllm-bench.json", root).label
    return SealedDataset.open(root, find(root, *label.split("/")))
