"""The hardware page: every machine, what is known of it, and what it recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.catalog import recordings
from harness.datasets.manifest import Code, Stratum
from harness.datasets.read import Dataset
from harness.recorder.versions import publish_version
from hooks.pages.hardware import datasets, machines, render_machines
from hooks.rendering.environment import environment
from hooks.rendering.page import Page
from tests.support.calibrations import make_calibration
from tests.support.datasets import make_dataset
from tests.support.projects import ROOT


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, ...]:
    data = tmp_path_factory.mktemp("machines")
    make_calibration(data)
    make_dataset(data, runs=1, requests=1)
    make_dataset(data, runs=1, requests=1, seed=1, environment={"host_id": "feed", "cpu_model": "<b>Other</b> CPU"})
    make_dataset(data, runs=1, requests=1, seed=2, environment={"host_id": "feed", "kernel": "9.9.9"})
    make_dataset(data, runs=1, requests=1, seed=3, environment={"host_id": None})
    return datasets(data)


def page(found: tuple[Dataset, ...]) -> Page:
    return render_machines(found, {"tr108": "tr108"}, (), environment(ROOT / "templates"))


def test_datasets_are_grouped_by_host_and_the_unknown_comes_last(found: tuple[Dataset, ...]) -> None:
    hosts = machines(found, {"tr108": "tr108"})
    used = {host.host: [(use.manifest.label, use.report) for use in host.uses] for host in hosts}
    assert used == {
        "0123456789abcdef": [("calibration/v1", None), ("tr108/v1", "tr108")],
        "feed": [("tr108/v2", "tr108"), ("tr108/v3", "tr108")],
        None: [("tr108/v4", "tr108")],
    }
    assert [host.host for host in hosts][-1] is None


def test_facts_that_changed_show_every_state_and_missing_ones_their_reason(found: tuple[Dataset, ...]) -> None:
    (feed,) = (host for host in machines(found, {}) if host.host == "feed")
    rows = {str(words): getattr(cell, "text", cell) for words, cell in feed.table().rows}
    assert rows["kernel"] == "0.0.0; 9.9.9"
    assert rows["processor"] == "<b>Other</b> CPU; Synthetic CPU"
    assert rows["memory"] == "8.0\u00a0GiB"
    assert rows["hypervisor"] == "— (not reported)"


def test_a_dataset_continued_on_another_machine_counts_for_both(found: tuple[Dataset, ...]) -> None:
    stratum = Stratum(
        number=1, reason="moved", environment={"host_id": "beef"}, code=Code(revision=None, dirty=None, version="0")
    )
    moved = Dataset(found[1].path, found[1].manifest.model_copy(update={"strata": [stratum]}))
    assert [(host.host, len(host.uses)) for host in machines([moved], {})] == [("0123456789abcdef", 1), ("beef", 1)]


def test_a_dataset_of_several_sessions_counts_for_the_machine_of_each(tmp_path: Path) -> None:
    for seed, host in enumerate(("feed", "beef")):
        make_dataset(tmp_path, runs=1, requests=1, seed=seed, environment={"host_id": host}, session={})
    publish_version(tmp_path, recordings(tmp_path, "tr108"))
    used = {host.host: [use.manifest.label for use in host.uses] for host in machines(datasets(tmp_path), {})}
    assert used == {"beef": ["tr108/v1"], "feed": ["tr108/v1"]}


def test_the_page_counts_and_links(found: tuple[Dataset, ...]) -> None:
    shown = page(found)
    assert sorted(value.number or 0 for value in shown.values.values()) == [3, 5]
    assert "](reports/tr108.md)" in shown.markdown
    assert "](instrument.md)" in shown.markdown
    assert "<b>Other" not in shown.markdown


def test_an_empty_data_root_is_said(tmp_path: Path) -> None:
    assert datasets(tmp_path / "none") == ()
    assert "No dataset sealed" in page(()).markdown
