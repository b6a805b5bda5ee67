"""Every version of a report keeps its page; an earlier one says what replaced it and why."""

from __future__ import annotations

import json

import pytest

from harness.datasets.recordings import read_manifest
from harness.errors import UsageError
from hooks.build.builder import Builder
from hooks.build.dataset_pages import DatasetPages
from hooks.build.page_store import PageStore
from hooks.build.report_pages import ReportPages
from hooks.caching.store import Store
from hooks.content.blocks import Content
from hooks.editions.edition import Edition, open_edition
from hooks.editions.history import history
from hooks.editions.prose import Prose, read_prose
from hooks.editions.report import Report
from hooks.editions.shown_dataset import ShownDataset
from hooks.project import Project
from hooks.rendering.environment import environment
from hooks.rendering.page import Rendered
from tests.support.calibrations import make_calibration
from tests.support.datasets import synthetic_study
from tests.support.projects import copy_project, record

REASON = "the {{ 7 * 7 }} <b>first</b> recording ran beside another program"
EARLIER, CURRENT, REPORT = "editions/tr108-v1.md", "editions/tr108-v2.md", "reports/tr108.md"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two versions, the second calibrated, and a third that nothing publishes yet."""
    folder = tmp_path_factory.mktemp("kept")
    root = copy_project(folder / "project")
    data = root / "data"
    named = read_manifest(make_calibration(data)).digest
    record(data, requests=2, tokens=8, flags={"loop_lag": "p99 loop lag 3.2 ms > 5% of the median gap 10 ms"})
    record(data, requests=2, tokens=8, seed=1, calibration=named, supersedes_reason=REASON)
    record(data, requests=2, tokens=8, seed=2)
    return Project.at(root, data, folder / "store")


@pytest.fixture(scope="module")
def site(project: Project) -> Rendered:
    """The project with the second version pinned. Its sentences were not reviewed for these data."""
    path = project.docs / REPORT
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("dataset:")]
    path.write_text("".join([lines[0], "dataset: v2\n", *lines[1:]]), encoding="utf-8")
    return Builder(project).render()


def stated(site: Rendered, path: str) -> dict[str, dict[str, object]]:
    data = site.pages[path].assets[f"{path.removesuffix('.md')}/values.json"]
    assert isinstance(data, bytes)
    values: dict[str, dict[str, object]] = json.loads(data)["values"]
    return values


def test_the_history_ends_with_the_version_that_is_pinned(project: Project) -> None:
    found = open_edition(project, "tr108", "v2")
    first, second = history(project, found)
    assert (first.edition.label, first.by and first.by.label, first.reason) == ("tr108/v1", "tr108/v2", REASON)
    assert (second.edition.label, second.by, second.current) == ("tr108/v2", None, True)


def test_a_successor_without_a_reason_is_named_without_one(project: Project) -> None:
    found = open_edition(project, "tr108", "v3")
    _, second, third = history(project, found)
    assert (second.by and second.by.label, second.reason) == ("tr108/v3", "")
    assert third.current


def test_an_earlier_version_shows_its_own_data_under_a_banner(site: Rendered) -> None:
    page = site.pages[EARLIER]
    assert "Superseded" in page.markdown
    assert "](../editions/tr108-v2.md)" in page.markdown
    assert "recording ran beside another program" in page.markdown
    assert "<b>first" not in page.markdown
    assert "49" not in page.markdown.split("b-first")[0].split("because:")[1]
    asked = [value["question"] for value in stated(site, EARLIER).values() if value["question"]]
    assert asked
    assert {question["dataset"] for question in asked} == {"tr108/v1"}  # type: ignore[index]


def test_an_earlier_version_leaves_out_the_prose_of_today(site: Rendered, project: Project) -> None:
    sentence = "One machine, one engine build and small models"
    assert sentence in (project.docs / REPORT).read_text(encoding="utf-8")
    assert sentence not in site.pages[EARLIER].markdown


def test_the_current_version_has_an_address_of_its_own(site: Rendered) -> None:
    assert "](../reports/tr108.md)" in site.pages[CURRENT].markdown
    assert "editions/tr108-v3.md" not in site.pages


def test_the_files_of_every_version_are_offered(site: Rendered) -> None:
    for label in ("tr108/v1", "tr108/v2", "calibration/v1"):
        assert f"data/{label}/requests.parquet" in site.assets
    assert "data/tr108/v3/manifest.json" not in site.assets


@pytest.fixture(scope="module")
def local(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The same data as a local recording, where the newest version is the current one."""
    root = copy_project(tmp_path_factory.mktemp("local") / "project")
    return Builder(Project.at(root, project.data, project.cache)).render()


def test_the_report_lists_its_versions(local: Rendered) -> None:
    changelog = local.pages[REPORT].markdown.split("## Changelog and errata")[1]
    for words in ("](../editions/tr108-v1.md)", "](../editions/tr108-v3.md)", "no reason stated", "#### Errata"):
        assert words in changelog
    assert "recording ran beside another program" in changelog


def test_the_error_of_the_instrument_stands_with_the_times(local: Rendered) -> None:
    results = local.pages["editions/tr108-v2.md"].markdown.split("## Results")[1]
    assert "Instrument error, from the [calibration" in results
    assert "Not calibrated" in local.pages[REPORT].markdown.split("## Results")[1]
    asked = [value["question"] for value in stated(local, "editions/tr108-v2.md").values() if value["question"]]
    assert {question["dataset"] for question in asked} == {"tr108/v2", "calibration/v1"}  # type: ignore[index]


def test_the_flags_of_a_version_are_on_its_page(local: Rendered) -> None:
    assert "p99 loop lag 3.2 ms" in local.pages[EARLIER].markdown
    assert "p99 loop lag 3.2 ms" not in local.pages[REPORT].markdown


def test_a_version_that_code_cannot_compute_any_more_keeps_its_files(project: Project) -> None:
    def moved_on(prose: Prose, found: Edition) -> Report:
        raise UsageError(f"{prose.report} has no factor 'threads' any more")

    found = open_edition(project, "tr108", "v2")
    report = Report(synthetic_study(), read_prose(project.docs / REPORT), (ShownDataset(found),), Content())
    store = Store(project.cache)
    datasets = DatasetPages(project, store, environment(project.templates))
    made = ReportPages(datasets, PageStore(store, project), moved_on)
    pages = {page.path: page.markdown for page in made.editions(report)}
    assert pages.keys() == {EARLIER, CURRENT}
    assert "has no factor 'threads' any more" in pages[EARLIER]
    assert "](../data/tr108/v1/requests.parquet)" in pages[EARLIER]
