"""The verifier's own reader: versions that list recordings, and what is wrong with them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.datasets.catalog import recordings
from harness.datasets.read import Dataset
from harness.recorder.versions import publish_version
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.mismatches import Examined
from tests.support.datasets import make_dataset
from tests.support.meters import FILE, two_samples


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sessions on machines that differ in their processor, and the version that lists both."""
    for seed, cpu in enumerate(("A", "B")):
        facts = {"cpu_model": cpu, "cores_allowed": None, "cores_allowed.missing": f"reason {cpu}"}
        make_dataset(tmp_path, runs=1, requests=1, tokens=2, seed=seed, environment=facts, session={})
    publish_version(tmp_path, recordings(tmp_path, "tr108"))
    return tmp_path


def found(root: Path) -> dict[str, Sealed]:
    return {one.label: one for one in sealed_datasets(root) if isinstance(one, Sealed)}


def problems(root: Path) -> list[str]:
    return [f"{one.place}: {one.problem}" for one in sealed_datasets(root) if isinstance(one, Examined)]


def test_a_version_says_what_its_sessions_say_alike(root: Path) -> None:
    sealed, dataset = found(root), Dataset.open(root / "tr108" / "v1")
    assert sealed.keys() == {"tr108/r0001", "tr108/r0002", "tr108/v1"}
    version = sealed["tr108/v1"]
    assert version.digest == dataset.digest
    assert version.runs["run_id"].to_pylist() == dataset.runs["run_id"].to_pylist()
    assert version.runs["block"].to_pylist() == dataset.runs["block"].to_pylist()
    facts = version.manifest["environment"]
    stated = {name: fact for name, fact in facts.items() if fact is not None}
    assert stated == {name: fact for name, fact in dataset.manifest.environment.items() if fact is not None}
    assert facts["cpu_model"] is facts["cores_allowed"] is None
    assert facts["cpu_model.missing"] == facts["cores_allowed.missing"] == "recordings_differ"
    assert version.manifest["code"]["revision"] == dataset.manifest.code.revision


def test_a_recording_goes_by_the_name_of_its_folder(root: Path) -> None:
    (root / "tr108" / "r0002").rename(root / "tr108" / "r0007")
    assert "tr108/r0007" in found(root)
    assert problems(root) == ["tr108/v1/manifest.json: it lists the recording r0002, which is not there or is damaged"]


def test_the_file_of_a_meter_is_named_where_it_was_tampered_with(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, runs=1, requests=1, tokens=2, meter=two_samples())
    assert problems(tmp_path) == []
    assert dict(found(tmp_path)["tr108/v1"].hashes).keys() > {"meter.csv"}
    (folder / "meter.csv").write_bytes(FILE.replace(b"41.5", b"21.5"))
    (problem,) = problems(tmp_path)
    assert problem.startswith("tr108/v1/manifest.json: meter.csv has SHA-256")
    (folder / "meter.csv").unlink()
    assert problems(tmp_path) == ["tr108/v1/manifest.json: meter.csv is absent, or no plain file"]


def twice(fields: dict[str, Any]) -> None:
    fields["recordings"].append(fields["recordings"][0])


def newer(fields: dict[str, Any]) -> None:
    fields["schema_version"] = 99


def other_profile(fields: dict[str, Any]) -> None:
    fields["profile"] = "full"


def other_digest(fields: dict[str, Any]) -> None:
    fields["recordings"][1]["digest"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (twice, "lists the recording r0001 twice"),
        (newer, "its schema is none that this verifier knows"),
        (other_profile, "the recording r0001 is of another profile"),
        (other_digest, "the recording r0002 has the digest"),
    ],
)
def test_what_is_wrong_with_a_version_is_said(
    root: Path, change: Callable[[dict[str, Any]], None], problem: str
) -> None:
    path = root / "tr108" / "v1" / "manifest.json"
    fields = json.loads(path.read_bytes())
    change(fields)
    path.write_bytes(json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
    assert any(problem in said for said in problems(root))
    assert "tr108/v1" not in found(root)


def test_a_table_that_no_manifest_lists_is_missed(root: Path) -> None:
    path = root / "tr108" / "r0001" / "manifest.json"
    fields = json.loads(path.read_bytes())
    del fields["files"]["tasks.parquet"]
    path.write_bytes(json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")
    assert "tr108/r0001/manifest.json: it is no manifest of a dataset" in problems(root)
    shutil.rmtree(root / "tr108" / "v1")
    assert found(root).keys() == {"tr108/r0002"}
