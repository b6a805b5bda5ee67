"""What a study measures is what its sealed datasets say that it measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.design import canonical_json
from harness.studies import STUDIES
from tests.support.projects import ROOT

MANIFESTS = sorted((ROOT / "data").glob("*/v*/manifest.json"))
UNRECORDED = {
    "prompt-cache-openai": "f8c176ea32e21131",
    "prompt-cache-ollama": "0cbd75dcbb6a5129",
}
"""The fingerprints of studies without a sealed dataset."""


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: "-".join(path.parts[-3:-1]))
def test_a_study_is_declared_as_its_datasets_were_recorded(path: Path) -> None:
    manifest = json.loads(path.read_bytes())
    study = STUDIES.load(manifest["study"])
    assert canonical_json(study.canonical()) == canonical_json(manifest["design"])
    assert study.fingerprint() == manifest["fingerprint"]


@pytest.mark.parametrize("name", UNRECORDED)
def test_a_study_without_a_dataset_is_declared_as_before(name: str) -> None:
    assert STUDIES.load(name).fingerprint().startswith(UNRECORDED[name])


def test_every_study_is_held_to_a_fingerprint() -> None:
    recorded = {path.parts[-3] for path in MANIFESTS}
    assert recorded | set(UNRECORDED) == set(STUDIES)
