"""The loads and scenarios of a dataset follow from its design, whatever its study declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.manifest import Manifest
from harness.datasets.recordings import read_manifest
from harness.datasets.stored_design import planned_cells, planned_loads, scenarios
from harness.design.load import ClosedLoop

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
