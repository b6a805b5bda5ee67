"""What a study measures is what its newest recording says that it measured; what is read from it may grow."""

from __future__ import annotations

import json

import pytest

from harness.canonical_json import canonical_json
from harness.design import measured
from harness.studies import STUDIES
from tests.support.projects import ROOT

NEWEST = {path.parts[-3]: path for path in sorted((ROOT / "data").glob("*/r[0-9]*/manifest.json"))}
"""The manifest of the newest recording of each study."""
UNRECORDED = {
    "tr109": "73ee237e03c77353",
    "tr110": "b9224e167f128002",
    "tr111": "cb4ce975f7eedd93",
    "tr112": "7fdf663c6f8d641a",
    "tr113": "58b5c3fe214c2f72",
    "tr114": "adba42c90fcc9745",
    "tr115": "9b0d6196347e5785",
    "tr116": "d48e0de34617f210",
    "tr117-agents": "9fbf852bae9c7c9d",
    "prompt-cache-openai": "c9b443626cb9a13b",
    "prompt-cache-ollama": "cae30b15c857b18e",
}
"""The fingerprints of studies without a recording."""


@pytest.mark.parametrize("name", NEWEST)
def test_a_study_is_declared_as_it_was_last_recorded(name: str) -> None:
    manifest = json.loads(NEWEST[name].read_bytes())
    study = STUDIES.load(name)
    assert canonical_json(measured(study.canonical())) == canonical_json(measured(manifest["design"]))


@pytest.mark.parametrize("name", UNRECORDED)
def test_a_study_without_a_recording_is_declared_as_before(name: str) -> None:
    assert STUDIES.load(name).fingerprint().startswith(UNRECORDED[name])


def test_every_study_is_held_to_a_fingerprint() -> None:
    assert set(NEWEST) | set(UNRECORDED) == set(STUDIES)
