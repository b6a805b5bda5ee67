"""TR108 where models differ in what the engine offloads: no number stands for all runs, and no claim is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.design import Cell, Value
from hooks.analysis.measurements import Measurements
from hooks.build.compute import compute_content
from hooks.content.blocks import content_of
from hooks.recipes.report_builder import Draft
from hooks.reports.tr108 import compute
from tests.support.datasets import synthetic_study
from tests.support.projects import record
from tests.support.runs import RunMaker


@pytest.fixture
def differing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    real = RunMaker._effective

    def effective(maker: RunMaker, cell: Cell) -> dict[str, Value]:
        layers = 18 if "gemma" in str(cell.settings["model"]) else 30
        return real(maker, cell) | {"layers_offloaded": layers}

    monkeypatch.setattr(RunMaker, "_effective", effective)
    return record(tmp_path, requests=2, tokens=8)


def test_another_claim_stands_for_the_report(differing: Path) -> None:
    draft = Draft(Measurements(Dataset.open(differing)), synthetic_study())
    compute(draft)
    content = draft.content()
    assert content.facts.no_effect == ("num_gpu",)
    assert content.findings["used_num-gpu"].missing == "the runs differ"
    assert "no-effect-num-gpu" not in content.claims
    assert content.facts.headline == "threads-gemma-3-270m-q4-k-m-2"


def test_the_build_computes_the_same(differing: Path) -> None:
    assert content_of(compute_content("tr108", differing)).facts.headline == "threads-gemma-3-270m-q4-k-m-2"
