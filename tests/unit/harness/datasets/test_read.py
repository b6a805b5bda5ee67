"""A dataset is what its manifest says, byte for byte, or it is not opened."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from harness.canonical_json import canonical_json
from harness.datasets import read
from harness.datasets.manifest import Manifest
from harness.datasets.read import Dataset
from harness.datasets.schema import SCHEMA_VERSION
from harness.errors import DatasetCorrupt, SchemaUnknown, UnknownName
from tests.support.datasets import make_dataset

TABLES = ("runs.parquet", "requests.parquet", "readings.parquet")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("data"), runs=1, requests=1, tokens=4)


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "v1"))


def edit_manifest(folder: Path, **changes: Any) -> None:
    path = folder / "manifest.json"
    path.write_bytes(canonical_json(json.loads(path.read_bytes()) | changes) + b"\n")


def test_a_sealed_dataset_opens_and_tells_what_it_is(sealed: Path) -> None:
    dataset = Dataset.open(sealed)
    assert dataset.label == "tr108/v1"
    assert dataset.digest == dataset.manifest.digest
    assert len(dataset.digest) == 64
    assert (dataset.runs.num_rows, dataset.requests.num_rows) == (8, 24)
    assert dataset.readings.num_rows == dataset.manifest.files["readings.parquet"].rows


def test_a_projection_reads_only_its_columns(sealed: Path) -> None:
    dataset = Dataset.open(sealed)
    assert dataset.table("requests", ["arrivals_ns", "run_id"]).column_names == ["arrivals_ns", "run_id"]
    assert dataset.table("runs", ["level.threads"]).equals(dataset.runs.select(["level.threads"]))
    assert dataset.table("runs", []).num_columns == 0


@pytest.mark.parametrize(("small", "decoded"), [(0, 4), (1 << 18, 1)])
def test_a_small_table_is_decoded_once_and_says_the_same(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, small: int, decoded: int
) -> None:
    files: list[Path] = []
    whole = pq.read_table(sealed / "requests.parquet")

    def opened(path: Path) -> pq.ParquetFile:
        files.append(path)
        return pq.ParquetFile(path)

    monkeypatch.setattr(read, "SMALL", small)
    monkeypatch.setattr(read, "pq", SimpleNamespace(ParquetFile=opened))
    dataset = Dataset.open(sealed, verify=False)
    for columns in (["run_id", "text"], ["tokens"], ["text", "arrivals_ns"]):
        found = dataset.table("requests", columns)
        assert found.column_names == columns
        assert found.to_pylist() == whole.select(columns).to_pylist()
    assert dataset.table("requests").num_rows == whole.num_rows
    assert len(files) == decoded


def test_unknown_names_list_the_known(sealed: Path) -> None:
    dataset = Dataset.open(sealed)
    with pytest.raises(UnknownName, match="readings, requests, runs"):
        dataset.table("results")
    with pytest.raises(UnknownName, match="run_id"):
        dataset.table("runs", ["run-id"])


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_flipped_byte_of_a_table_is_refused_by_file(copy: Path, name: str, part: float) -> None:
    path = copy / name
    data = bytearray(path.read_bytes())
    data[round(part * (len(data) - 1))] ^= 0x10
    path.write_bytes(data)
    with pytest.raises(DatasetCorrupt, match=f"{name} is damaged: its SHA-256"):
        Dataset.open(copy)
    Dataset.open(copy, verify=False)


def test_a_flipped_byte_of_the_manifest_is_refused_or_is_another_identity(copy: Path) -> None:
    path = copy / "manifest.json"
    data, identity = path.read_bytes(), Dataset.open(copy).digest
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :])
        try:
            digest = Dataset.open(copy).digest
        except (DatasetCorrupt, SchemaUnknown):
            continue
        assert digest != identity, at


@pytest.mark.parametrize("name", [*TABLES, "manifest.json"])
def test_a_missing_or_short_file_is_refused_by_name(copy: Path, name: str) -> None:
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[:-1])
    with pytest.raises(DatasetCorrupt, match=name):
        Dataset.open(copy)
    (copy / name).unlink()
    with pytest.raises(DatasetCorrupt, match=f"{name} is damaged: No such file"):
        Dataset.open(copy)


def test_exchanged_tables_are_refused(copy: Path) -> None:
    (copy / "runs.parquet").rename(copy / "spare")
    (copy / "requests.parquet").rename(copy / "runs.parquet")
    (copy / "spare").rename(copy / "requests.parquet")
    with pytest.raises(DatasetCorrupt, match=r"runs\.parquet"):
        Dataset.open(copy)


@pytest.mark.parametrize("number", [SCHEMA_VERSION + 1, 999])
def test_a_newer_schema_is_refused_by_number(copy: Path, number: int) -> None:
    edit_manifest(copy, schema_version=number)
    expected = f"schema version {number}, this version reads up to {SCHEMA_VERSION}; update Bindery"
    with pytest.raises(SchemaUnknown, match=expected):
        Dataset.open(copy, verify=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"schema_version": "1"},
        {"schema_version": None},
        {"schema_version": True},
        {"schema_version": 0},
        {"schema_version": -1},
        {"new_field": 1},
        {"version": 0},
        {"planned_runs": "8"},
        {"files": {}},
        {"design": 7},
    ],
)
def test_a_manifest_of_another_shape_is_refused(copy: Path, changes: dict[str, Any]) -> None:
    edit_manifest(copy, **changes)
    with pytest.raises(DatasetCorrupt, match=r"manifest\.json"):
        Dataset.open(copy, verify=False)


@pytest.mark.parametrize("data", [b"", b"null", b"[1]", b"{", b"\xff", b"{}", b"[" * 100_000, b'{"schema_version":1}'])
def test_a_manifest_that_is_none_is_refused(copy: Path, data: bytes) -> None:
    (copy / "manifest.json").write_bytes(data)
    with pytest.raises(DatasetCorrupt, match=r"manifest\.json is damaged") as caught:
        Dataset.open(copy)
    assert "\n" not in str(caught.value)


def test_a_manifest_that_is_not_canonical_is_refused(copy: Path) -> None:
    path = copy / "manifest.json"
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DatasetCorrupt, match="not canonical"):
        Dataset.open(copy)


def relabelled(folder: Path, name: str, **changes: Any) -> None:
    """Rewrites what the manifest says of one file, as somebody would who also fixed its hash."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] |= changes
    edit_manifest(folder, files=manifest["files"])


def test_rows_are_counted_even_where_the_hash_was_fixed(copy: Path) -> None:
    relabelled(copy, "runs.parquet", rows=9)
    with pytest.raises(DatasetCorrupt, match=r"runs\.parquet is damaged: it has 8 rows, the manifest says 9"):
        Dataset.open(copy)


def test_columns_are_checked_even_where_the_hash_was_fixed(copy: Path) -> None:
    path = copy / "runs.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["stratum"]), path)
    data = path.read_bytes()
    relabelled(copy, "runs.parquet", sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    with pytest.raises(DatasetCorrupt, match=r"runs\.parquet is damaged: its columns"):
        Dataset.open(copy)


def test_a_design_without_a_matrix_is_refused(copy: Path) -> None:
    edit_manifest(copy, design={"factors": [{"name": "x"}]})
    with pytest.raises(DatasetCorrupt, match="design declares no matrix"):
        Dataset.open(copy)


def test_the_manifest_round_trips(sealed: Path) -> None:
    data = (sealed / "manifest.json").read_bytes()
    assert Manifest.model_validate_json(data).to_bytes() == data


def test_reading_imports_no_pandas(sealed: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from harness.datasets.read import Dataset;"
        "d = Dataset.open(Path(sys.argv[1])); d.runs, d.requests, d.table('readings', ['value']);"
        "sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(sealed)], check=True)
