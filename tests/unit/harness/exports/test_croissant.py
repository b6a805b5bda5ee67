"""What is written is Croissant: its own library accepts it and reads the rows through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.exports import croissant
from harness.exports.sealed_dataset import SealedDataset

pytestmark = pytest.mark.filterwarnings("ignore")


def loaded(sealed: SealedDataset, folder: Path) -> Any:
    """Written, validated without an error or a warning, and opened."""
    import mlcroissant

    croissant.write(sealed, folder)
    found = mlcroissant.Dataset(jsonld=folder / croissant.FILE)
    assert found.metadata.ctx.issues.report() == ""
    return found


def test_a_version_of_several_recordings_has_the_tables_of_each(hostile: SealedDataset, tmp_path: Path) -> None:
    found = loaded(hostile, tmp_path / "out")
    tables = ("runs", "requests", "readings", "engines", "tasks")
    wanted = [f"{session}/{table}" for session in ("r0001", "r0002") for table in tables]
    assert [one.id for one in found.metadata.record_sets] == wanted
    for session in ("r0001", "r0002"):
        rows = list(found.records(f"{session}/requests"))
        runs = hostile.dataset.table("requests").filter(
            [text.startswith(session) for text in hostile.dataset.table("requests")["run_id"].to_pylist()]
        )
        assert [row[f"{session}/requests/arrivals_ns"] for row in rows] == runs["arrivals_ns"].to_pylist()


def test_a_published_version_is_described_field_by_field(published: SealedDataset, tmp_path: Path) -> None:
    found = loaded(published, tmp_path / "out")
    said = found.metadata
    assert (said.version, said.license) == ("1.0.0", ["https://spdx.org/licenses/Apache-2.0.html"])
    assert published.dataset.digest in said.cite_as
    assert {file.content_url: file.sha256 for file in said.distribution} == {
        file.name: file.sha256 for file in published.files()
    }
    runs = next(one for one in said.record_sets if one.id == "runs")
    assert [field.name for field in runs.fields] == [
        name for name in published.dataset.runs.schema.names if name not in ("session", "host")
    ]
    assert "Unit: ns." in next(field.description for field in runs.fields if field.name == "duration_ns")
    first = next(iter(found.records("runs")))
    assert first["runs/run_id"].decode() == published.dataset.runs["run_id"][0].as_py()


def test_a_changed_table_is_noticed(published: SealedDataset, tmp_path: Path) -> None:
    found = loaded(published, tmp_path / "out")
    table = next(tmp_path.rglob("runs.parquet"))
    table.write_bytes(table.read_bytes() + b"x")
    with pytest.raises(Exception, match="operation Download") as failed:
        next(iter(found.records("runs")))
    assert "is not identical with the reference" in str(failed.value.__cause__)
