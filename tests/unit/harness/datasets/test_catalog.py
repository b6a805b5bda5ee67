"""The catalogue lists datasets and nothing that merely lies about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.datasets.catalog import catalog, find, version_number, versions
from harness.errors import DatasetCorrupt, UnknownName
from tests.support.datasets import make_dataset, synthetic_study


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    for seed in range(11):
        make_dataset(root, runs=1, requests=1, tokens=2, seed=seed)
    make_dataset(root, study=synthetic_study("tr109"), runs=1, requests=1, tokens=2)
    return root


def test_datasets_are_sorted_by_study_and_by_number(root: Path) -> None:
    assert [ref.label for ref in catalog(root)] == [*(f"tr108/v{number}" for number in range(1, 12)), "tr109/v1"]
    assert [ref.version for ref in versions(root, "tr109")] == [1]
    ref = catalog(root)[-1]
    assert (ref.title, ref.profile, ref.path) == (synthetic_study().title, "quick", root / "tr109" / "v1")


def test_finding_names_a_version_or_takes_the_highest(root: Path) -> None:
    assert find(root, "tr108", 2).label == "tr108/v2"
    assert find(root, "tr108").label == "tr108/v11"


def test_what_is_not_there_is_answered_with_what_is(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"'tr109/v3'; choose one of: tr109/v1$"):
        find(root, "tr109", 3)
    with pytest.raises(UnknownName, match="'tr110'; choose one of: tr108/v1"):
        find(root, "tr110")
    with pytest.raises(UnknownName, match="none is sealed yet"):
        find(tmp_path / "nowhere", "tr108")


def test_an_absent_root_has_no_datasets(tmp_path: Path) -> None:
    assert catalog(tmp_path / "nowhere") == ()


def test_what_is_no_dataset_is_ignored(root: Path, tmp_path: Path) -> None:
    study = tmp_path / "tr109"
    whole = Path(shutil.copytree(root / "tr109" / "v1", study / "v1"))
    for name in (".seal-0123", "v0", "v01", "v-1", "V2", "v2 ", "v2\n", "v２", "2", "v1.bak", "v99999999999", "latest"):
        shutil.copytree(whole, study / name)
    (study / "v3").mkdir()
    (study / "v4").write_text("a file")
    (study / "v5").symlink_to(whole)
    (study / "v6").mkdir()
    (study / "v6" / "runs.parquet").write_bytes(b"no manifest beside it")
    (tmp_path / "cited").mkdir()
    (tmp_path / "README.md").write_text("data")
    shutil.copytree(study, tmp_path / "..hidden", symlinks=True)
    shutil.copytree(study, tmp_path / "TR109", symlinks=True)
    (tmp_path / "alias").symlink_to(study)
    assert [ref.label for ref in catalog(tmp_path)] == ["tr109/v1"]
    for hostile in ("..", ".", "", "/", "tr109/", "../data", "TR109", "alias"):
        assert versions(tmp_path, hostile) == ()


def test_a_dataset_under_another_name_is_refused(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "tr109" / "v1", tmp_path / "tr109" / "v2")
    with pytest.raises(DatasetCorrupt, match="holds tr109/v1"):
        catalog(tmp_path)


@pytest.mark.parametrize(
    ("name", "number"), [("v1", 1), ("v10", 10), ("v0", None), ("v01", None), ("v1x", None), ("", None)]
)
def test_version_names(name: str, number: int | None) -> None:
    assert version_number(name) == number
