"""A recording of another machine than the published one: shown, counted and compared, and never a successor."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.datasets.read import Dataset
from harness.design import Study
from harness.errors import UsageError
from hooks.analysis.measurements import Measurements
from hooks.analysis.recompute import recompute
from hooks.build import compute as computing
from hooks.build.builder import Builder
from hooks.caching.ahead import Ahead
from hooks.commands.render import render
from hooks.commands.value import find
from hooks.editions.edition import open_edition
from hooks.editions.history import other_recordings
from hooks.editions.prose import read_prose
from hooks.project import Project
from hooks.rendering.page import Rendered
from hooks.values.questions import OfDataset
from hooks.values.value import by_id
from tests.support.datasets import synthetic_study
from tests.support.projects import copy_project, publish, record

REPORT, ROWS = "reports/tr108.md", "reports/tr108/numbers.md"
OTHER, LACKING = "editions/tr108-v2.md", "editions/tr108-v3.md"
SECOND = "threads-gemma-3-270m-q4-k-m-2"
OTHER_MACHINE: dict[str, Any] = {"host_id": "feed", "cpu_model": "<b>Other</b> CPU 9", "cores_allowed": 1}
SAID = (
    f'A second thread {{{{ in_all_recordings("{SECOND}") }}}};'
    ' no layer {{ in_all_recordings("no-effect-num-gpu") }}.\n'
)


def one_thread(study: Study) -> Study:
    """A study without a level that the report asks for."""
    factors = tuple(replace(one, levels=(1,)) if one.name == "threads" else one for one in study.factors)
    return replace(study, factors=factors)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The published recording, one of another host where the effect is the opposite, and one that lacks a level."""
    folder = tmp_path_factory.mktemp("recordings")
    root = copy_project(folder / "project")
    small: dict[str, Any] = {"requests": 2, "tokens": 8, "failures": 0}
    record(root / "data", **small)
    record(root / "data", seed=1, effect={"threads=2": 0.8}, environment=OTHER_MACHINE, **small)
    lacking = one_thread(synthetic_study())
    record(root / "data", seed=2, study=lacking, effect={}, environment={"host_id": "beef"}, **small)
    return Project.at(root, cache=folder / "store")


@pytest.fixture(scope="module")
def site(project: Project) -> Rendered:
    publish(project.root, "dataset: v1\nrecordings: [v2, v3]", SAID)
    return render(project)


def numbers(site: Rendered, path: str) -> dict[str, Any]:
    data = site.pages[path].assets[f"{path.removesuffix('.md')}/values.json"]
    assert isinstance(data, bytes)
    found: dict[str, Any] = json.loads(data)
    return found


def told(site: Rendered) -> dict[str, Any]:
    data = site.assets["summary.json"]
    assert isinstance(data, bytes)
    (report,) = json.loads(data)["reports"]
    found: dict[str, Any] = report
    return found


def test_the_section_names_what_differs_first(site: Rendered) -> None:
    section = site.pages[REPORT].markdown.split("{ #recordings")[1].split("## Published earlier")[0]
    top = section.split("Nothing is pooled")[0]
    assert top.count("the published sentence is contradicted in it") == 2
    assert top.count("the published sentence is settled in it") == 2
    assert f"(tr108/numbers.html#pair-v2-{SECOND})" in top
    assert "cannot be computed from it" in top
    assert "<b>Other" not in section
    assert "](tr108/numbers.md#in-each-recording)" in section
    assert site.pages[ROWS].markdown.count("data-claim-pair=") == 2 * len(told(site)["claims"])


def test_both_numbers_of_a_question_have_ids_of_their_own(site: Rendered) -> None:
    stated = numbers(site, REPORT)
    questions = {key: value["question"] for key, value in stated["values"].items() if value["question"]}
    assert {one["dataset"] for one in questions.values()} == {"tr108/v1", "tr108/v2", "tr108/v3"}
    assert all(one["other_recording"] == (one["dataset"] != "tr108/v1") for one in questions.values())
    asked = {key for key, one in questions.items() if one["dataset"] == "tr108/v2" and one.get("key") != "threads"}
    assert asked <= set(numbers(site, OTHER)["values"]), "its own page shows them under the same ids"


def test_pairs_of_claims_and_findings_are_stated(site: Rendered) -> None:
    stated = numbers(site, REPORT)
    second, third = stated["recordings"]
    assert [one["dataset"] for one in stated["recordings"]] == ["tr108/v2", "tr108/v3"]
    assert second["claims"][SECOND] == [SECOND, f"{SECOND}-v2"]
    assert stated["claims"][f"{SECOND}-v2"]["state"] == "does not hold"
    assert third["claims"][SECOND] == [SECOND, None]
    own, other = second["findings"]["threads_gemma_3_270m_q4_k_m_2"]
    assert stated["values"][own]["number"] > 1 > stated["values"][other]["number"]


def test_a_claim_that_cannot_be_asked_says_what_is_lacking(site: Rendered) -> None:
    section = site.pages[ROWS].markdown
    row = section.split(f'id="pair-v3-{SECOND}"')[1].split("</tr>")[0]
    assert "It has no runs with" in row
    assert ">threads&#32;2<" in row or ">threads 2<" in row
    assert "cannot be computed from the other" in row


def test_prose_is_told_by_the_data_where_a_claim_holds(site: Rendered) -> None:
    words = site.pages[REPORT].markdown.split(f'data-in-all-recordings="{SECOND}">')[1].split("</span>.")[0]
    for part in ("is supported in", "is contradicted in", "cannot be computed in"):
        assert part in words
    assert (
        "is supported in all recordings"
        in site.pages[REPORT].markdown.split('data-in-all-recordings="no-effect-num-gpu">')[1]
    )


def test_another_recording_is_no_edition(site: Rendered) -> None:
    page = site.pages[OTHER].markdown
    assert "is no superseded edition" in page
    assert "superseded edition)" not in page
    assert "](../reports/tr108.md#recordings)" in page
    assert {value["question"]["dataset"] for value in numbers(site, OTHER)["values"].values() if value["question"]} == {
        "tr108/v2"
    }
    assert [one["dataset"] for one in told(site)["versions"]] == ["tr108/v1"]
    feed = site.assets["feed.xml"]
    assert isinstance(feed, bytes)
    assert b"dataset tr108/v2, another recording than tr108/v1" in feed
    assert b"superseded by" not in feed


def test_its_files_are_offered(site: Rendered) -> None:
    for label in ("tr108/v2", "tr108/v3"):
        assert f"data/{label}/requests.parquet" in site.assets
    assert "](../editions/tr108-v2.md), another recording" in site.pages[REPORT].markdown


def test_machines_read_the_same_states(site: Rendered) -> None:
    second, third = told(site)["recordings"]
    assert (second["dataset"], second["page"], second["claims"][SECOND]) == (
        "tr108/v2",
        "editions/tr108-v2.html",
        "does not hold",
    )
    assert third["claims"][SECOND] is None


def test_the_hardware_page_asks_all_recordings(site: Rendered) -> None:
    page = site.pages["hardware.md"].markdown
    row = page.split(f'data-claim-of="{SECOND}"')[1].split("</tr>")[0]
    assert [row.count(f"<td>{state}</td>") for state in ("supported", "contradicted", "cannot be computed")] == [
        1,
        1,
        1,
    ]
    assert row.endswith("<td>differ</td>")


def test_labels_and_rates_are_of_all_recordings_that_a_report_shows(site: Rendered) -> None:
    assert "tr108/v2" in site.pages["charts/decode-speed.md"].markdown
    assert "marked: another hardware" in site.pages["charts/decode-speed.md"].markdown
    for name in ("v1", "v2", "v3"):
        assert f"tr108/{name}" in site.pages["label-audit.md"].markdown


def test_a_number_of_another_recording_is_computed_again_from_it(site: Rendered, project: Project) -> None:
    stated = numbers(site, REPORT)
    other = stated["recordings"][0]["findings"]["threads_gemma_3_270m_q4_k_m_2"][1]
    _, published = find(site.pages.values(), other)
    now = recompute(published, project.data, project.declared_inputs)
    assert (now.id, now.number) == (other, published.number)
    asked = [one.question for one in by_id([now]).values()]
    assert {one.dataset for one in asked if isinstance(one, OfDataset)} == {"tr108/v2"}


def test_the_runs_behind_both_are_offered(site: Rendered) -> None:
    samples = site.pages[REPORT].assets["reports/tr108/samples.csv"]
    assert isinstance(samples, bytes)
    offered = {line.partition(",")[0] for line in samples.decode().splitlines()[1:]}
    shown = numbers(site, REPORT)["values"]
    measured = {key for key in offered if shown.get(key, {"question": None})["question"]}
    assert {shown[key]["question"]["dataset"] for key in measured} == {"tr108/v1", "tr108/v2", "tr108/v3"}


@pytest.mark.parametrize(
    ("front", "message"),
    [
        (
            "dataset: v1\nrecordings: [v9]",
            "tr108.md:3: front matter, recordings: there is no version 'v9' of tr108; it has: v1",
        ),
        (
            "dataset: v1\nrecordings: [tr117/v1]",
            "tr108.md:3: front matter, recordings: there is no version 'tr117/v1' of tr108",
        ),
        ("dataset: v1\nrecordings: [v1]", "tr108.md:3: front matter, recordings: v1 is shown already"),
        ("dataset: v1\nrecordings: [v2, v2]", "tr108.md:3: front matter, recordings: v2 is shown already"),
        ("dataset: v1\nrecordings: v2", "tr108.md:3: front matter, recordings: Input should be a valid list"),
    ],
)
def test_a_recording_that_cannot_be_shown_is_one_line(
    tmp_path: Path, project: Project, front: str, message: str
) -> None:
    path = tmp_path / "tr108.md"
    path.write_text(f"---\n{front}\ntitle: T\n---\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        other_recordings(project, read_prose(path), open_edition(project, "tr108", "v1"))
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("published", "other", "message"),
    [
        ("v2", "v1", "tr108/v1 is an earlier edition, for tr108/v2 says that it supersedes it; take it out"),
        ("v1", "v2", "tr108/v2 says that it supersedes tr108/v1; publish it instead"),
    ],
)
def test_a_successor_is_no_other_recording(tmp_path: Path, published: str, other: str, message: str) -> None:
    root = copy_project(tmp_path / "project")
    for seed, reason in enumerate((None, "a quiet machine")):
        record(root / "data", runs=1, requests=1, failures=0, seed=seed, supersedes_reason=reason)
    made = Project.at(root)
    path = root / "docs" / REPORT
    path.write_text(f"---\ntitle: T\nrecordings: [{other}]\n---\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"tr108.md:3: front matter, recordings: {message}"):
        other_recordings(made, read_prose(path), open_edition(made, "tr108", published))


def test_an_error_of_front_matter_breaks_its_page_alone(project: Project, tmp_path: Path) -> None:
    root = copy_project(tmp_path / "project")
    (root / "data" / "tr108").symlink_to(project.data / "tr108")
    publish(root, "dataset: v1\nrecordings: [v9]")
    (broken,) = Builder(Project.at(root, cache=project.cache)).render().broken
    assert broken.path == REPORT
    assert "tr108.md:3: front matter, recordings: there is no version 'v9'" in str(broken.error)


def test_what_code_cannot_compute_is_said_and_its_files_stay(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = computing.compute_content

    def fails(report: str, folder: Path, other_recording: bool = False, inputs: Path | None = None) -> Any:
        if other_recording:
            raise UsageError("no factor 'threads'")
        return real(report, folder, other_recording, inputs)

    monkeypatch.setattr(Ahead, "begin", lambda *_: None)
    monkeypatch.setattr(computing, "compute_content", fails)
    root = copy_project(tmp_path / "project")
    (root / "data" / "tr108").symlink_to(project.data / "tr108")
    publish(root, "dataset: v1\nrecordings: [v2]")
    found = render(Project.at(root, cache=tmp_path / "store"))
    assert "cannot compute the report from it: `no factor 'threads'`" in found.pages[REPORT].markdown
    assert numbers(found, REPORT)["recordings"][0]["claims"] == {}
    assert "](../data/tr108/v2/requests.parquet)" in found.pages[OTHER].markdown
    assert "is no superseded edition" in found.pages[OTHER].markdown
    assert "data-claim-matrix" not in found.pages["hardware.md"].markdown


def test_an_older_recording_is_left_out_of_the_history(tmp_path: Path, project: Project) -> None:
    root = copy_project(tmp_path / "project")
    (root / "data" / "tr108").symlink_to(project.data / "tr108")
    publish(root, "dataset: v2\nrecordings: [v1]")
    found = render(Project.at(root, cache=project.cache))
    assert [one["dataset"] for one in told(found)["versions"]] == ["tr108/v2"]
    assert [one["dataset"] for one in told(found)["recordings"]] == ["tr108/v1"]
    assert "is no superseded edition" in found.pages["editions/tr108-v1.md"].markdown


def test_a_data_root_of_ones_own_shows_one_recording(tmp_path: Path, project: Project) -> None:
    path = tmp_path / "tr108.md"
    path.write_text("---\ntitle: T\nrecordings: [v9]\n---\n", encoding="utf-8")
    local = Project.at(copy_project(tmp_path / "project"), project.data)
    assert other_recordings(local, read_prose(path), open_edition(local, "tr108", "v1")) == ()


def test_only_ids_of_another_recording_name_the_version(project: Project) -> None:
    dataset = Dataset.open(project.data / "tr108" / "v2")
    alone, other = Measurements(dataset), Measurements(dataset, other_recording=True)
    assert alone.value("ttft").id != other.value("ttft").id
    assert alone.count("runs").id != other.count("runs").id
