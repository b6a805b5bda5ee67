"""Which datasets a report shows, and which of them is the published one of its study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.errors import UsageError
from hooks.editions.edition import open_edition
from hooks.editions.history import standing
from hooks.editions.prose import Prose, read_prose
from hooks.editions.report import dataset_digest, dataset_label
from hooks.editions.shown_dataset import ShownDataset, each_once, published_datasets
from hooks.project import Project
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.projects import copy_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two versions of TR108, of which the second replaces the first, and one of TR117."""
    root = copy_project(tmp_path_factory.mktemp("shown") / "project")
    small: dict[str, Any] = {"runs": 1, "requests": 1}
    make_dataset(root / "data", **small)
    make_dataset(root / "data", seed=1, supersedes_reason="a quiet machine", **small)
    make_dataset(root / "data", seed=2, study=synthetic_study("tr117"), **small)
    return Project.at(root)


def prose(folder: Path, front: str, report: str = "tr123") -> Prose:
    path = folder / f"{report}.md"
    path.write_text(f"---\ntitle: T\n{front}\n---\n", encoding="utf-8")
    return read_prose(path)


NAMED = "datasets:\n  new: tr108/v2\n  other: tr117/v1\n  old: tr108/v1"


def test_the_first_dataset_of_a_study_is_the_published_one(project: Project, tmp_path: Path) -> None:
    found = published_datasets(project, prose(tmp_path, NAMED))
    assert [(one.name, one.edition.label, one.other_recording) for one in found] == [
        ("new", "tr108/v2", False),
        ("other", "tr117/v1", False),
        ("old", "tr108/v1", True),
    ]
    assert dataset_label(found) == "tr108/v2, tr117/v1, tr108/v1"


def test_the_digest_of_several_is_that_of_all_in_their_order(project: Project, tmp_path: Path) -> None:
    found = published_datasets(project, prose(tmp_path, NAMED))
    assert dataset_digest(found[:1]) == found[0].edition.digest
    assert len({dataset_digest(found), dataset_digest(found[::-1]), dataset_digest(found[:2])}) == 3


def test_each_dataset_is_shown_once_and_reports_of_one_dataset_come_first(project: Project) -> None:
    new, old, other = (
        ShownDataset(open_edition(project, study, version), name=name)
        for study, version, name in (("tr108", "v2", "new"), ("tr108", "v1", ""), ("tr117", "v1", "other"))
    )
    shown = each_once([(new, other), (old,)])
    assert [(one.edition.label, one.other_recording) for one in shown] == [
        ("tr108/v1", False),
        ("tr108/v2", True),
        ("tr117/v1", False),
    ]


def test_a_dataset_that_another_version_replaced_says_so(project: Project) -> None:
    old = standing(project, open_edition(project, "tr108", "v1"))
    assert (old.by and old.by.label, old.reason, old.current) == ("tr108/v2", "a quiet machine", False)
    assert standing(project, open_edition(project, "tr108", "v2")).current


def test_nothing_is_published_before_it_is_named(project: Project, tmp_path: Path) -> None:
    assert published_datasets(project, prose(tmp_path, "status: draft", "tr108")) == ()


def test_a_report_without_study_and_datasets_says_what_to_declare(project: Project, tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"tr123\.md:1: front matter, dataset: no study 'tr123' is declared; declare it"
    ):
        published_datasets(project, prose(tmp_path, "status: draft"))


def test_a_field_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"tr123\.md:4: front matter, dataset: it stands in line 3 already"):
        prose(tmp_path, "dataset: v1\ndataset: v2")
