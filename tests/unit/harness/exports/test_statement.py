"""What is written is an in-toto Statement: its own library reads and accepts it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from harness.exports import statement
from harness.exports.sealed_dataset import SealedDataset
from tests.support.imported import FIXTURES


@pytest.mark.parametrize("name", ["hostile", "published"])
def test_a_statement_is_accepted_and_has_the_digest_of_every_file(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    from google.protobuf import json_format
    from in_toto_attestation.v1.statement import Statement
    from in_toto_attestation.v1.statement_pb2 import Statement as Message

    sealed: SealedDataset = request.getfixturevalue(name)
    statement.write(sealed, tmp_path / "statement.json")
    read = Statement.copy_from_pb(json_format.Parse((tmp_path / "statement.json").read_text(), Message()))
    read.validate()
    said = {one.name: dict(one.digest) for one in read.pb.subject}
    root = sealed.dataset.path.parent.parent
    assert said == {
        path.relative_to(root).as_posix(): {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for folder in {sealed.dataset.path, *(one.folder for one in sealed.dataset.recordings)}
        for path in folder.iterdir()
    }


def test_the_predicate_says_how_each_recording_was_made(hostile: SealedDataset) -> None:
    said = json.loads(json.dumps(statement.statement(hostile)))["predicate"]
    manifest = hostile.dataset.manifest
    assert (said["study"], said["version"]) == ("tr108", "v1")
    assert said["manifest"] == {"sha256": hostile.dataset.digest}
    assert said["code"]["revision"] == manifest.code.revision
    assert (said["environment"]["host_id"], said["environment"]["host_id.missing"]) == (None, "recordings_differ")
    assert said["calibration"] is None
    assert [one["environment"] for one in said["recordings"]] == [
        one.manifest.environment for one in hostile.dataset.recordings
    ]


def test_a_published_version_names_its_calibration(published: SealedDataset) -> None:
    said = json.loads(json.dumps(statement.statement(published)))["predicate"]
    assert said["calibration"] == {"sha256": published.dataset.manifest.calibration}
    assert len(said["calibration"]["sha256"]) == 64


def test_the_predicate_of_an_imported_dataset_names_the_file_and_its_tool(foreign: SealedDataset) -> None:
    said = json.loads(json.dumps(statement.statement(foreign)))["predicate"]
    assert said["imported"]["tool"] == "vllm bench serve"
    assert said["imported"]["file"] == "vllm-bench.json"
    assert said["imported"]["sha256"] == hashlib.sha256((FIXTURES / "vllm-bench.json").read_bytes()).hexdigest()
