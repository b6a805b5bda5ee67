"""The instrument page, and the error that reports state with their times."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from markdown import markdown

from harness.calibration.errors import CellError, cell_errors
from harness.datasets.manifest import Manifest
from harness.datasets.read import Dataset
from harness.datasets.recordings import read_manifest
from harness.errors import DatasetCorrupt, UnknownName
from hooks.analysis.calibration import Instrument, instrument_content
from hooks.analysis.measurements import Measurements
from hooks.analysis.questions import ask
from hooks.caching.store import Store
from hooks.pages.instrument import Instruments, render_instrument, streams
from hooks.postprocess.number_scan import scan_html
from hooks.project import Project
from hooks.rendering.environment import environment
from hooks.rendering.page import Page
from hooks.values.serialize import page_record, values_of
from tests.support.calibrations import make_calibration
from tests.support.projects import ROOT, copy_project


@dataclass
class Shelf:
    """A project whose data root holds calibrations."""

    project: Project
    store: Store

    @property
    def instruments(self) -> Instruments:
        return Instruments.load(self.project, self.store)

    def page(self) -> Page:
        return render_instrument(self.instruments, environment(ROOT / "templates"), self.store)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("calibrated")
    make_calibration(data)
    make_calibration(data, profile="smoke")
    return data


@pytest.fixture
def shelf(tmp_path: Path, calibrated: Path, store: Path) -> Shelf:
    shutil.copytree(calibrated, tmp_path / "data")
    return Shelf(Project.at(copy_project(tmp_path / "project"), tmp_path / "data", store), Store(store))


@pytest.fixture(scope="module")
def instrument(calibrated: Path) -> Instrument:
    return Instrument(Dataset.open(calibrated / "calibration" / "v1"))


@pytest.fixture
def uncalibrated(recorded: Path) -> Manifest:
    return read_manifest(recorded / "tr108" / "v1")


def naming(manifest: Manifest, calibration: str) -> Manifest:
    return manifest.model_copy(update={"calibration": calibration})


def test_a_value_is_the_error_of_its_load(instrument: Instrument) -> None:
    cells = cell_errors(instrument.dataset)
    (eight,) = (cell for cell in cells if (cell.streams, cell.itl_ms) == (8, 20))
    found = instrument.value("ttft.p50", {"streams": 8, "itl_ms": 20})
    assert (found.number, found.n, found.unit.symbol) == (eight.ttft.p50, 2, "ms")
    assert 1.6 <= eight.ttft.p50 - 1 <= 1.76  # late by 8 × 0.2 ms, up to a tenth more; sent 1 ms late
    assert instrument.value("ttft.p50").number == max(cell.ttft.p50 for cell in cells)


def test_a_tail_from_too_few_values_is_missing(instrument: Instrument) -> None:
    assert instrument.value("ttft.p99", {"streams": 1}).missing == "too_few_samples"
    assert instrument.value("itl.p99", {"streams": 8}).number is not None


def test_unknown_quantities_are_refused(instrument: Instrument) -> None:
    with pytest.raises(UnknownName, match="ttft"):
        instrument.value("ttft.p12")


def test_every_value_can_be_asked_again(instrument: Instrument) -> None:
    content = instrument_content(instrument)
    values = values_of(page_record("", content.values())["values"])
    assert len(values) > 40
    data = Measurements(instrument.dataset)
    for value in values.values():
        assert value.question is not None
        assert ask(data, value.question) == value


def test_the_range_of_the_instrument_in_words(instrument: Instrument) -> None:
    one = cell_errors(instrument.dataset)[0]
    fine, late = replace(one.ttft, bias=0.2), replace(one.ttft, bias=3.0)
    assert one.itl is not None
    judged = {
        "valid": replace(one, ttft=fine),
        "client-bound: TTFT": replace(one, ttft=late),
        "client-bound: ITL": replace(one, ttft=fine, itl=replace(one.itl, mean=2.0)),
        "not reached: the pacer could not write that fast": replace(one, chunks_per_s=1.0),
        "not judged: no gaps": replace(one, itl=None),
    }
    for words, cell in judged.items():
        assert _with(instrument, cell).range(1, 5) == words


def _with(instrument: Instrument, cell: CellError) -> Instrument:
    other = Instrument(instrument.dataset)
    other.__dict__["cells"] = (cell,)
    return other


def test_the_page_shows_the_newest_that_vouches_and_names_the_others(shelf: Shelf) -> None:
    markdown = shelf.page().markdown
    assert 'data-dataset="calibration/v1"' in markdown
    assert "A smoke calibration" not in markdown
    assert "data/calibration/v2/manifest.json" in markdown
    for words in ("Time to first token: error", "Gap between tokens: error", "Decode rate: error", "loop lag"):
        assert words in markdown


def test_a_smoke_calibration_alone_says_that_it_vouches_for_nothing(shelf: Shelf) -> None:
    shutil.rmtree(shelf.project.data / "calibration" / "v1")
    markdown = shelf.page().markdown
    assert 'data-dataset="calibration/v2"' in markdown
    assert "A smoke calibration" in markdown


def test_one_that_fails_its_own_audit_says_so_on_its_page_and_beside_times(
    shelf: Shelf, uncalibrated: Manifest
) -> None:
    make_calibration(shelf.project.data, seed=3, flags={"foreign_load": "a compiler"})
    assert 'data-dataset="calibration/v1"' in shelf.page().markdown
    digest = Dataset.open(shelf.project.data / "calibration" / "v3", verify=False).digest
    assert shelf.instruments.error_of(naming(uncalibrated, digest)).objections == "something else took the processors"
    shutil.rmtree(shelf.project.data / "calibration" / "v1")
    assert "This calibration fails its own audit: something else took the processors" in shelf.page().markdown


def test_without_a_calibration_the_page_says_so(shelf: Shelf) -> None:
    shutil.rmtree(shelf.project.data / "calibration")
    page = shelf.page()
    assert "No calibration sealed" in page.markdown
    assert "harness calibrate" in page.markdown
    assert not page.values


def test_a_damaged_calibration_is_refused(shelf: Shelf) -> None:
    with (shelf.project.data / "calibration" / "v1" / "requests.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(DatasetCorrupt, match=r"requests\.parquet"):
        shelf.page()


def test_every_number_of_the_page_is_bound(shelf: Shelf) -> None:
    page = shelf.page()
    html = markdown(page.markdown, extensions=["tables", "attr_list", "md_in_html", "admonition", "fenced_code"])
    scan = scan_html(html, {"SHA-256"})
    assert scan.loose == ()
    assert scan.bound > 40


def test_a_report_shows_the_error_at_its_number_of_streams(shelf: Shelf, uncalibrated: Manifest) -> None:
    named = read_manifest(shelf.project.data / "calibration" / "v1")
    stated = shelf.instruments.error_of(naming(uncalibrated, named.digest))
    assert (stated.label, stated.streams, stated.reason) == ("calibration/v1", 1, "")
    assert stated.errors is not None
    assert stated.errors["ttft_median"].number == pytest.approx(1.21, abs=0.02)


def test_a_report_says_why_its_times_are_not_calibrated(shelf: Shelf, uncalibrated: Manifest) -> None:
    instruments = shelf.instruments
    assert "names no calibration" in instruments.error_of(uncalibrated).reason
    assert "not among the sealed" in instruments.error_of(naming(uncalibrated, "0" * 64)).reason
    named = read_manifest(shelf.project.data / "calibration" / "v1")
    wide = {**uncalibrated.design, "fixed": {"streams": 64}}
    stated = instruments.error_of(naming(uncalibrated, named.digest).model_copy(update={"design": wide}))
    assert "outside the range" in stated.reason
    assert stated.errors is None


FOUR = {"streams": 4}


def factor(name: str, *levels: object) -> dict[str, object]:
    return {"name": name, "levels": levels, "effective": None, "unit": ""}


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        ({}, 1),
        ({"fixed": {"streams": 4}}, 4),
        ({"fixed": {"rate_per_s": 4.0}}, 1),
        ({"factors": [factor("streams", 1, 8, 2), factor("other", 99)]}, 8),
        ({"factors": [factor("load", "one", "four")], "bundles": [["load", "one", {}], ["load", "four", FOUR]]}, 4),
        ({"fixed": {"agent.a.task": "report", "agent.b.task": "report"}}, 2),
    ],
)
def test_the_streams_of_a_study(design: dict[str, Any], expected: int, uncalibrated: Manifest) -> None:
    design = {**uncalibrated.design, "fixed": {}, "exclusions": [], **design}
    assert streams(uncalibrated.model_copy(update={"design": design})) == expected
