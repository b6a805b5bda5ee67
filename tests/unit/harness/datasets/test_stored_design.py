"""The loads and scenarios of a dataset follow from its design, whatever its study declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.manifest import Manifest
from harness.datasets.recordings import read_manifest
from harness.datasets.stored_design import planned_cells, planned_loads, planned_runs, scenarios, stored_study
from harness.design.load import ClosedLoop
from harness.errors import DatasetCorrupt
from harness.studies import STUDIES, study_of

DATA = Path(__file__).resolve().parents[4] / "data"
FOUND = {
    "calibration": ("single-stream and multi-stream", {1, 8, 64}),
    "prompt-cache": ("single-stream", {1}),
    "tr108": ("single-stream", {1}),
    "tr117": ("single-stream and multi-stream", {1, 2}),
    "tr120": ("single-stream", {1}),
}


@pytest.fixture
def tr117() -> Manifest:
    return read_manifest(DATA / "tr117" / "v1")


@pytest.mark.parametrize("label", [f"{study}/{name}" for study in FOUND for name in ("v1", "r0001")])
def test_the_scenarios_of_the_committed_datasets(label: str) -> None:
    manifest = read_manifest(DATA / label)
    words, streams = FOUND[manifest.study]
    assert scenarios(manifest) == words
    loads = planned_loads(manifest)
    assert {load.streams for load in loads if isinstance(load, ClosedLoop)} == streams
    assert all(isinstance(load, ClosedLoop) for load in loads)


def test_levels_that_were_narrowed_away_make_no_load(tr117: Manifest) -> None:
    narrow = tr117.model_copy(update={"only": {"scenario": ["dual_short"]}})
    assert scenarios(narrow) == "multi-stream"
    full = tr117.model_copy(update={"profile": "full"})
    assert planned_loads(full) == (ClosedLoop(1), ClosedLoop(2), ClosedLoop(4))


def test_a_load_that_is_none_today_leaves_what_was_declared(tr117: Manifest) -> None:
    strange = tr117.model_copy(update={"design": {**tr117.design, "fixed": {"streams": "many"}}})
    assert planned_loads(strange) == ()
    assert scenarios(strange) == "single-stream"


@pytest.mark.parametrize("label", ["tr108/v3", "tr117/v2", "calibration/v1", "prompt-cache/v1"])
def test_a_study_can_be_read_back_from_a_dataset(label: str) -> None:
    manifest = read_manifest(DATA / label)
    study = stored_study(manifest)
    assert (study.id, study.title, study.backend) == (manifest.study, manifest.title, manifest.design["backend"])
    stored = study.canonical()
    assert {name: manifest.design[name] for name in ("factors", "fixed", "exclusions", "metrics", "backend")} == {
        name: stored[name] for name in ("factors", "fixed", "exclusions", "metrics", "backend")
    }
    profile = manifest.profile
    cells = study.matrix(profile).cells()
    assert {run.cell for run in planned_runs(manifest)} <= set(cells)


def test_a_design_that_no_study_could_have_is_corruption(tr117: Manifest) -> None:
    broken = tr117.model_copy(update={"design": {**tr117.design, "factors": [{"name": "a"}]}})
    with pytest.raises(DatasetCorrupt, match="holds no design that can be read") as refused:
        stored_study(broken)
    assert "\n" not in str(refused.value)


def test_a_study_of_nobody_here_is_read_from_its_dataset(tr117: Manifest) -> None:
    assert study_of(tr117) is STUDIES.load("tr117")
    mine = tr117.model_copy(update={"study": "bench-mine"})
    assert study_of(mine).id == "bench-mine"


def test_a_cell_has_its_levels_and_what_they_stand_for(tr117: Manifest) -> None:
    cells = planned_cells(tr117)
    (one,) = (
        cell
        for cell in cells
        if cell.levels["arm"] == "onnxruntime"
        and cell.levels["scenario"] == "dual_short"
        and cell.levels["precision"] == "fp32"
    )
    assert one.settings["backend"] == "onnx_runtime"
    assert one.settings["streams"] == 2
    assert one.settings["threads"] == "all"
    assert not {"arm", "scenario"} & one.settings.keys()
    assert {cell.levels["scenario"] for cell in cells} == {"micro", "short", "dual_short"}
