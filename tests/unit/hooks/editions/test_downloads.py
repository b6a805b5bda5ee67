"""Which files of a dataset a page offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import DatasetCorrupt
from hooks.caching.store import Store
from hooks.editions import downloads as downloads_module
from hooks.editions.downloads import csv_jobs, downloads
from hooks.editions.edition import Edition, open_edition, prove
from hooks.project import Project
from tests.support.datasets import make_dataset
from tests.support.meters import two_samples
from tests.support.projects import copy_project, record


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("downloads")
    root = copy_project(folder / "project")
    record(root / "data", requests=2, tokens=8)
    return open_edition(Project.at(root, root / "data", folder / "store"), "tr108", "v1")


def offered(store: Path, edition: Edition) -> set[str]:
    return {Path(name).name for name in downloads(Store(store), edition)}


def test_each_table_is_offered_as_parquet_and_as_csv_where_it_has_rows(edition: Edition, tmp_path: Path) -> None:
    names = offered(tmp_path, edition)
    tables = {Path(name).stem: entry.rows for name, entry in edition.manifest.files.items()}
    filled = {table for table, rows in tables.items() if rows}
    assert {"runs", "requests"} <= filled < tables.keys()
    assert names == {"manifest.json", *(f"{table}.parquet" for table in tables), *(f"{table}.csv" for table in filled)}


def test_the_file_of_a_meter_is_offered_as_it_is(tmp_path: Path) -> None:
    root = copy_project(tmp_path / "project")
    make_dataset(root / "data", runs=1, requests=1, tokens=2, meter=two_samples())
    metered = open_edition(Project.at(root, root / "data", tmp_path / "store"), "tr108", "v1")
    prove(metered, Store(tmp_path))
    assert downloads(Store(tmp_path), metered)["v1/meter.csv"] == metered.folder / "meter.csv"
    assert "v1/meter.csv" not in csv_jobs(metered)
    (metered.folder / "meter.csv").write_bytes(b"timestamp,watts\n")
    with pytest.raises(DatasetCorrupt, match=r"tr108/v1: meter\.csv differs from its manifest"):
        prove(metered, Store(tmp_path))


def test_a_very_long_table_is_offered_as_parquet_alone(
    edition: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = edition.manifest.files["requests.parquet"].rows
    monkeypatch.setattr(downloads_module, "CSV_ROWS", longest - 1)
    names = offered(tmp_path, edition)
    assert "requests.parquet" in names
    assert "requests.csv" not in names
    assert "runs.csv" in names
    assert "v1/requests.csv" not in csv_jobs(edition)
