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
    "prompt-cache-openai": "c9b443626cb9a13b",
    "prompt-cache-ollama": "cae30b15c857b18e",
    "quality-score": "20f7b9e910f53912",
}
"""The fingerprints of studies that no recording session holds."""


@pytest.mark.parametrize("name", NEWEST)
def test_a_study_is_declared_as_it_was_last_recorded(name: str) -> None:
    manifest = json.loads(NEWEST[name].read_bytes())
    study = STUDIES.load(name)
    assert canonical_json(measured(study.canonical())) == canonical_json(measured(manifest["design"]))


@pytest.mark.parametrize("name", UNRECORDED)
def test_a_study_outside_the_sessions_is_declared_as_before(name: str) -> None:
    assert STUDIES.load(name).fingerprint().startswith(UNRECORDED[name])


def test_every_study_is_held_to_a_fingerprint() -> None:
    assert set(NEWEST) | set(UNRECORDED) == set(STUDIES)
