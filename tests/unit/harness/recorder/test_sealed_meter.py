"""The file of an external meter is sealed with the readings that were taken from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.canonical_json import canonical_json
from harness.cli import app
from harness.datasets.catalog import find
from harness.datasets.read import Dataset
from harness.errors import DatasetCorrupt
from harness.exports.sealed_dataset import SealedDataset
from harness.recorder.archive import pack
from harness.recorder.unpack import unpack
from tests.support.datasets import make_dataset
from tests.support.meters import FILE, two_samples

pytestmark = pytest.mark.usefixtures("proven_here")


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "data", runs=1, requests=1, tokens=2, meter=two_samples())


def test_the_manifest_has_the_digest_of_the_file(sealed: Path) -> None:
    entry = Dataset.open(sealed).manifest.files["meter.csv"]
    assert (entry.sha256, entry.bytes, entry.rows) == (hashlib.sha256(FILE).hexdigest(), len(FILE), 2)
    assert (sealed / "meter.csv").read_bytes() == FILE


def test_a_dataset_without_a_meter_says_nothing_of_one(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, runs=1, requests=1, tokens=2)
    assert b"meter.csv" not in (folder / "manifest.json").read_bytes()


def changed(file: Path) -> None:
    file.write_bytes(FILE.replace(b"41.5", b"21.5"))


@pytest.mark.parametrize(
    ("tamper", "said"), [(changed, "its SHA-256 is"), (Path.unlink, "No such file")], ids=["changed", "removed"]
)
def test_an_audit_names_a_file_that_was_tampered_with(sealed: Path, tamper: Callable[[Path], None], said: str) -> None:
    tamper(sealed / "meter.csv")
    with pytest.raises(DatasetCorrupt, match=rf"v1/meter\.csv is damaged: {said}"):
        Dataset.open(sealed)
    audited = CliRunner().invoke(app(), ["audit", "tr108", "v1", "--data", str(sealed.parent.parent)])
    assert isinstance(audited.exception, DatasetCorrupt)
    assert "meter.csv is damaged" in str(audited.exception)


def test_a_manifest_that_was_made_to_fit_is_another_dataset(sealed: Path) -> None:
    before = Dataset.open(sealed).digest
    changed(sealed / "meter.csv")
    relabel(sealed)
    assert Dataset.open(sealed).digest != before


def relabel(sealed: Path, **other: int) -> None:
    """Makes the manifest say what the file is now."""
    data = (sealed / "meter.csv").read_bytes()
    files = {name: entry.model_dump() for name, entry in Dataset.open(sealed, verify=False).manifest.files.items()}
    files["meter.csv"] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), **other}
    manifest = json.loads((sealed / "manifest.json").read_bytes()) | {"files": files}
    (sealed / "manifest.json").write_bytes(canonical_json(manifest) + b"\n")


def test_it_travels_with_its_dataset(sealed: Path, tmp_path: Path) -> None:
    data = sealed.parent.parent
    pack(data, find(data, "tr108"), tmp_path / "pack.tar")
    unpack(tmp_path / "pack.tar", tmp_path / "there")
    assert (tmp_path / "there" / "tr108" / "v1" / "meter.csv").read_bytes() == FILE


@pytest.mark.parametrize(
    ("content", "rows", "said"),
    [
        (b"<script>alert(1)</script>\n", 2, "no table of times and watts"),
        (FILE + b"<b>,1\n", 3, "no table of times and watts"),
        (b"", 0, "no table of times and watts"),
        (FILE, 9, "2 samples, the manifest says 9"),
    ],
)
def test_a_pack_whose_meter_is_no_meter_is_refused(
    sealed: Path, tmp_path: Path, content: bytes, rows: int, said: str
) -> None:
    (sealed / "meter.csv").write_bytes(content)
    relabel(sealed, rows=rows)
    data = sealed.parent.parent
    pack(data, find(data, "tr108"), tmp_path / "pack.tar")
    with pytest.raises(DatasetCorrupt, match=rf"meter\.csv is damaged: it .*{said}"):
        unpack(tmp_path / "pack.tar", tmp_path / "there")


def test_exports_say_what_it_is(sealed: Path) -> None:
    data = sealed.parent.parent
    (file,) = (one for one in SealedDataset.open(data, find(data, "tr108")).files() if one.path.name == "meter.csv")
    assert file.media_type("application/x-parquet") == "text/csv"
    assert file.description.startswith("What an external power meter wrote")
