"""Which rows pass the accuracy gate is told by the recording; asked of the published one of TR117."""

from __future__ import annotations

import pytest

from harness.datasets.read import Dataset
from harness.errors import UnknownName
from harness.studies import STUDIES
from hooks.analysis.accuracy_gate import PASSES
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Lit
from hooks.recipes.accuracy import accuracy
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows
from tests.support.projects import ROOT

BASELINE = {"arm": "transformers-cpu", "precision": "fp32"}


@pytest.fixture(scope="module")
def published() -> Measurements:
    return Measurements(Dataset.open(ROOT / "data" / "tr117" / "v2"))


def test_rows_are_parted_by_the_verdict_that_the_table_shows(published: Measurements) -> None:
    draft = Draft(published, STUDIES.load("tr117"))
    ran = rows(draft, "arm", "precision").ended("ok")
    passed, failed = accuracy(ran, "gate", "Accuracy", BASELINE)
    shown = {
        tuple(cell.text for cell in line[:2] if isinstance(cell, Lit)): line[-1]
        for line in draft.content().tables["gate"].rows
    }
    assert {(row.text("{arm}"), row.text("{precision}")) for row in passed} == {
        key for key, said in shown.items() if said == PASSES
    }
    assert {(row.text("{arm}"), row.text("{precision}")) for row in failed} == {
        key for key, said in shown.items() if said != PASSES
    }
    assert passed
    assert failed


def test_an_unknown_baseline_is_refused(published: Measurements) -> None:
    draft = Draft(published, STUDIES.load("tr117"))
    with pytest.raises(UnknownName, match="unknown level of 'precision': '\"fp64\"'"):
        accuracy(rows(draft, "arm", "precision"), "gate", "Accuracy", {"arm": "ollama", "precision": "fp64"})
