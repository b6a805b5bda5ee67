"""What a front matter says of editions and dates is held to the datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from hooks.editions.front_check import demand_front
from hooks.editions.prose import read_prose
from hooks.editions.shown_dataset import named_datasets
from hooks.project import Project
from tests.support.datasets import make_dataset
from tests.support.projects import copy_project

BODY = '---\n{% extends "report.md.j2" %}\n'


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of which the second supersedes the first; both recorded on 2026-01-02."""
    root = copy_project(tmp_path_factory.mktemp("project"))
    make_dataset(root / "data", runs=1, requests=1)
    make_dataset(root / "data", runs=1, requests=1, seed=1, supersedes_reason="the first was wrong")
    return root


def check(root: Path, front: str) -> None:
    path = root / "tr108.md"
    path.write_text(f"---\ntitle: T\n{front}\n{BODY}")
    prose, project = read_prose(path), Project.at(root)
    demand_front(project, prose, named_datasets(project, prose))


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("dataset: v1", r"tr108\.md:3: .*tr108/v1 is superseded by tr108/v2 \(the first was wrong\)"),
        (
            "dataset: v2\nchangelog:\n  - {edition: first, date: 1999-01-01, text: x}",
            "1999-01-01 is before its data were",
        ),
        ("dataset: v2\nerrata:\n  - {edition: second, date: 1999-01-01, text: x}", "1999-01-01 is before any data"),
        ("dataset: v2\nedition: peer-reviewed", "edition: Input should be 'pilot'"),
        ("dataset: v2\nstatus: award-winning", "status: Input should be 'draft'"),
    ],
)
def test_a_front_matter_that_the_data_contradict_is_refused(root: Path, front: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check(root, front)


def test_an_honest_front_matter_passes(root: Path) -> None:
    check(root, "dataset: v2\nchangelog:\n  - {edition: first, date: 2026-01-02, text: x}")
    check(root, "dataset: v1\nstatus: superseded")
    check(root, "datasets: {old: tr108/v1, new: tr108/v2}")
