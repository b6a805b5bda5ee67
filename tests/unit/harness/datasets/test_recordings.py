"""A version may list recordings: sessions are added without touching what is sealed, and read as one dataset."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.canonical_json import canonical_json
from harness.datasets.agreement import shared_calibration, shared_code, shared_facts
from harness.datasets.catalog import catalog, find, recordings
from harness.datasets.manifest import Code, Scalar
from harness.datasets.read import Dataset
from harness.datasets.recordings import read_manifest
from harness.errors import DatasetCorrupt, UsageError, VersionExists
from harness.recorder.seal import seal, seal_recording
from harness.recorder.versions import publish_version
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.journals import write_journal

SESSION = {"waited_s": 12.5, "foreign_share": 0.01}


def record(root: Path, seed: int, **options: Any) -> Path:
    return make_dataset(root, runs=1, requests=2, tokens=4, seed=seed, session=SESSION, **options)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sessions, on two hosts, and the version that lists both."""
    record(tmp_path, 1)
    record(tmp_path, 2, environment={"host_id": "another"})
    publish_version(tmp_path, recordings(tmp_path, "tr108"))
    return tmp_path


def test_a_recording_says_what_its_session_found(root: Path) -> None:
    manifest = read_manifest(root / "tr108" / "r0001")
    assert (manifest.label, manifest.version, manifest.session) == ("tr108/r0001", 0, SESSION)


def test_sessions_read_as_one_dataset(root: Path) -> None:
    dataset = Dataset.open(root / "tr108" / "v1")
    first, second = (Dataset.open(root / "tr108" / name) for name in ("r0001", "r0002"))
    assert dataset.runs.num_rows == first.runs.num_rows + second.runs.num_rows == 16
    assert dataset.requests.num_rows == first.requests.num_rows + second.requests.num_rows
    assert len(set(dataset.runs["run_id"].to_pylist())) == 16
    assert set(dataset.requests["run_id"].to_pylist()) == set(dataset.runs["run_id"].to_pylist())
    assert set(dataset.runs["session"].to_pylist()) == {"r0001", "r0002"}
    assert set(dataset.runs["host"].to_pylist()) == {"0123456789abcdef", "another"}
    for column in ("block", "position", "stratum"):
        values = dataset.runs[column].to_pylist()
        assert max(values[:8]) < min(values[8:])
        assert values[:8] == first.runs[column].to_pylist()
    assert dataset.manifest.outcomes == {"ok": 16}
    assert dataset.manifest.planned_runs == 16
    (stratum,) = dataset.manifest.strata
    assert (stratum.number, stratum.environment["host_id"]) == (1, "another")
    assert [one.session for one in dataset.recordings] == ["r0001", "r0002"]


def test_columns_and_other_tables_follow(root: Path) -> None:
    dataset = Dataset.open(root / "tr108" / "v1")
    assert dataset.table("requests", ["tokens", "run_id"]).column_names == ["tokens", "run_id"]
    assert dataset.table("runs", ["session"]).num_rows == 16
    assert dataset.engines["engine"].to_pylist() == ["synthetic"] * 16
    assert dataset.tasks.num_rows == 0
    assert set(dataset.readings["run_id"].to_pylist()) <= set(dataset.runs["run_id"].to_pylist())


def test_one_more_session_makes_the_next_version_and_copies_nothing(root: Path) -> None:
    before = {path: path.read_bytes() for path in (root / "tr108").rglob("*") if path.is_file()}
    record(root, 3)
    sealed = publish_version(root, recordings(root, "tr108"), supersedes_reason="a third session")
    assert all(path.read_bytes() == data for path, data in before.items())
    assert [path.name for path in sealed.path.iterdir()] == ["manifest.json"]
    assert Dataset.open(sealed.path).runs.num_rows == 24
    assert [ref.sessions for ref in catalog(root)] == [("r0001", "r0002"), ("r0001", "r0002", "r0003")]


def test_a_version_of_its_own_tables_is_one_of_one_session(tmp_path: Path) -> None:
    dataset = Dataset.open(make_dataset(tmp_path, runs=1, requests=1, tokens=2))
    assert set(dataset.runs["session"].to_pylist()) == {"v1"}
    assert dataset.runs["run_id"].to_pylist() == pq.read_table(dataset.path / "runs.parquet")["run_id"].to_pylist()


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    fields = json.loads(path.read_bytes())
    change(fields)
    path.write_bytes(canonical_json(fields) + b"\n")


def test_a_missing_recording_is_refused_and_named(root: Path) -> None:
    shutil.rmtree(root / "tr108" / "r0002")
    with pytest.raises(DatasetCorrupt, match=r"lists the recording r0002, which is not there"):
        Dataset.open(root / "tr108" / "v1")


def test_an_altered_recording_is_refused_and_named(root: Path) -> None:
    edit(root / "tr108" / "r0001" / "manifest.json", lambda fields: fields.update(title="Another"))
    with pytest.raises(DatasetCorrupt, match=r"the recording r0001 has the digest"):
        read_manifest(root / "tr108" / "v1")


def test_an_altered_table_of_a_recording_is_refused_and_named(root: Path) -> None:
    path = root / "tr108" / "r0002" / "runs.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DatasetCorrupt, match=r"r0002/runs\.parquet"):
        Dataset.open(root / "tr108" / "v1")


def test_a_recording_that_is_listed_twice_is_refused(root: Path) -> None:
    edit(root / "tr108" / "v1" / "manifest.json", lambda fields: fields["recordings"].append(fields["recordings"][0]))
    with pytest.raises(DatasetCorrupt, match=r"lists the recording r0001 twice"):
        read_manifest(root / "tr108" / "v1")


@pytest.mark.parametrize("name", ["../r0001", "v1", "r1", "r0000x", ""])
def test_a_recording_elsewhere_is_refused(root: Path, name: str) -> None:
    edit(root / "tr108" / "v1" / "manifest.json", lambda fields: fields["recordings"][0].update(name=name))
    with pytest.raises(DatasetCorrupt, match=r"recordings\.0\.name"):
        read_manifest(root / "tr108" / "v1")


def test_recordings_of_other_declarations_do_not_belong_together(root: Path) -> None:
    other = synthetic_study()
    changed = type(other)(**{**{f: getattr(other, f) for f in other.__dataclass_fields__}, "order_seed": 7})
    record(root, 4, study=changed)
    with pytest.raises(DatasetCorrupt, match=r"the recording r0003 measured something else"):
        publish_version(root, recordings(root, "tr108"))
    assert [ref.name for ref in catalog(root)] == ["v1"]


def test_recordings_of_two_studies_are_refused(root: Path) -> None:
    record(root, 5, study=synthetic_study("tr900"))
    with pytest.raises(UsageError, match=r"one study, not of tr108, tr900"):
        publish_version(root, (*recordings(root, "tr108"), *recordings(root, "tr900")))
    with pytest.raises(UsageError, match="not of none"):
        publish_version(root, ())


def test_a_journal_is_sealed_as_one_recording_only(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    seal_recording(journal, tmp_path / "data", SESSION)
    with pytest.raises(VersionExists, match="already sealed as tr108/r0001"):
        seal_recording(journal, tmp_path / "data", SESSION)


def test_a_fact_in_which_sessions_differ_is_null_and_each_session_keeps_its_own(root: Path) -> None:
    dataset = Dataset.open(root / "tr108" / "v1")
    facts = dataset.manifest.environment
    assert (facts["host_id"], facts["host_id.missing"]) == (None, "recordings_differ")
    assert (facts["cpu_model"], facts.get("cpu_model.missing")) == ("Synthetic CPU", None)
    assert [one.manifest.environment["host_id"] for one in dataset.recordings] == ["0123456789abcdef", "another"]


def test_facts_that_are_alike_unknown_and_dirty_code() -> None:
    known: dict[str, Scalar] = {"gpu": "H100", "cores": 1}
    unknown: dict[str, Scalar] = {"gpu": None, "gpu.missing": "no_sensor", "cores": True}
    both = {"gpu": None, "gpu.missing": "recordings_differ", "cores": None, "cores.missing": "recordings_differ"}
    assert shared_facts([known, unknown]) == shared_facts([unknown, known]) == both
    assert shared_facts([unknown, unknown]) == unknown
    clean, dirty = Code(revision="a" * 40, dirty=False, version="1"), Code(revision="b" * 40, dirty=True, version="2")
    assert shared_code([clean, clean]) == clean
    assert shared_code([clean, dirty]) == Code(revision=None, dirty=True, version="1, 2")
    assert shared_code([clean, Code(revision="a" * 40, dirty=None, version="1")]).dirty is None
    assert shared_calibration(["a", "b"]) == "b"
    assert shared_calibration([None, "b"]) is None


def test_a_recording_goes_by_the_name_of_its_folder(root: Path) -> None:
    shutil.rmtree(root / "tr108" / "v1")
    (root / "tr108" / "r0002").rename(root / "tr108" / "r0007")
    assert [ref.label for ref in recordings(root, "tr108")] == ["tr108/r0001", "tr108/r0007"]
    version = publish_version(root, [find(root, "tr108", "r0007")])
    dataset = Dataset.open(version.path)
    assert set(dataset.runs["session"].to_pylist()) == {"r0007"}
    assert all(run.startswith("r0007/") for run in dataset.requests["run_id"].to_pylist())


def test_one_recording_under_two_names_is_listed_once(root: Path) -> None:
    shutil.copytree(root / "tr108" / "r0001", root / "tr108" / "r0003")
    with pytest.raises(DatasetCorrupt, match=r"lists the recording r0003 twice"):
        publish_version(root, [find(root, "tr108", name) for name in ("r0001", "r0003")])


def test_a_version_is_no_recording(root: Path) -> None:
    make_dataset(root, runs=1, requests=1, seed=9)
    shutil.copytree(root / "tr108" / "v2", root / "tr108" / "r0009")
    entry = {"name": "r0009", "digest": read_manifest(root / "tr108" / "v2").digest}
    edit(root / "tr108" / "v1" / "manifest.json", lambda fields: fields["recordings"].append(entry))
    with pytest.raises(DatasetCorrupt, match=r"r0009 is no recording, it says that it is tr108/v2"):
        read_manifest(root / "tr108" / "v1")
    with pytest.raises(DatasetCorrupt, match=r"r0009 holds tr108/v2"):
        recordings(root, "tr108")


def test_the_same_recordings_are_published_once(root: Path) -> None:
    with pytest.raises(VersionExists, match=r"published already as tr108/v1"):
        publish_version(root, recordings(root, "tr108"))
    assert [ref.name for ref in catalog(root)] == ["v1"]


def test_a_recorded_journal_is_no_version_too(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    seal_recording(journal, tmp_path / "data", SESSION)
    with pytest.raises(VersionExists, match="already sealed as tr108/r0001"):
        seal(journal, tmp_path / "data")


def test_dictionaries_of_recordings_are_unified(root: Path) -> None:
    assert pa.types.is_dictionary(Dataset.open(root / "tr108" / "v1").requests.schema.field("phase").type)
