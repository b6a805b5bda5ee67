"""A recording on a GPU: which version the page shows, and that its energy is the GPU's own count."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.claims.evaluate import State
from hooks.content.blocks import Content, content_of
from hooks.pages.probes import PAGES, PROBES, newest
from hooks.project import Project
from hooks.reports.gpu import compute_gpu
from hooks.values.value import Value

ROOT = Path(__file__).parents[4]
(PAGE,) = (page for page in PAGES if page.with_gpu)


@pytest.fixture(scope="module")
def content() -> Content:
    edition = newest(Project.at(ROOT), "tr117", with_gpu=True)
    assert edition is not None
    return content_of(compute_gpu(edition.folder))


def test_the_page_shows_the_newest_version_of_a_machine_with_a_gpu() -> None:
    project = Project.at(ROOT)
    found = newest(project, "tr117", with_gpu=True)
    assert found is not None
    assert found.manifest.environment["gpu_name"]
    assert all(newest(project, study, with_gpu=True) for study in PAGE.studies)


def test_a_study_that_no_machine_with_a_gpu_recorded_has_no_section() -> None:
    project = Project.at(ROOT)
    assert newest(project, "quality-score", with_gpu=True) is None
    assert newest(project, "quality-score") is not None


def test_a_study_on_the_page_keeps_a_page_of_its_own_where_no_report_is_about_it() -> None:
    assert not set(PAGE.studies) & set(PROBES)


def test_every_phase_is_judged_against_the_processors(content: Content) -> None:
    found = {name.removeprefix("transformers-gpu-"): claim.state for name, claim in content.claims.items()}
    assert found["first-token-long"] is State.HOLDS
    assert set(found) == {
        f"{phase}-long" for phase in ("first-token", "whole-answer", "prefill", "settled-decode-step")
    }


def test_the_counter_and_the_polls_tell_about_the_same_power(content: Content) -> None:
    table = content.tables["energy"]
    heads = [column.header for column in table.columns]
    (row,) = table.rows
    told = {head: cell for head, cell in zip(heads, row, strict=True) if isinstance(cell, Value)}
    counted, polled = (told[f"power of the GPUs by {way}"].number for way in ("their counters", "polls"))
    assert counted == pytest.approx(polled, rel=0.05)
    assert row[-1] == "measured"
