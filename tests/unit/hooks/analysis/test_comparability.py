"""The guard of charts across reports, and the page that it guards."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.units import TOK_PER_S
from hooks.analysis.comparability import Candidate, Circumstances, differences, guard
from hooks.caching.store import Store
from hooks.content.blocks import Figure
from hooks.editions.edition import open_edition
from hooks.editions.shown_dataset import ShownDataset
from hooks.pages.results.decode_speed import ALIKE, candidates, drawing, render_decode_speed, table, verdict
from hooks.project import Project
from hooks.rendering.environment import environment
from hooks.values.value import Value, constant
from tests.support.datasets import make_dataset, synthetic_study
from tests.support.projects import ROOT, copy_project

HERE = Circumstances("decode_tps version 3", "tok/s", "Machine A", "single_stream", "llama_cpp")
NAMES = [field.name for field in fields(Circumstances)]


def candidate(circumstances: Circumstances = HERE, label: str = "m") -> Candidate:
    return Candidate(label, "tr108/v1", constant(10.0, TOK_PER_S), circumstances)


def test_equal_circumstances_are_comparable() -> None:
    assert all(one.comparable and not one.refused for one in guard([candidate(), candidate()]))
    assert guard([]) == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_circumstance_counts(name: str) -> None:
    other = candidate(replace(HERE, **{name: "another"}))
    found = guard([candidate(), candidate(), other])
    assert [one.differs for one in found] == [(), (), (name,)]
    assert found[2].refused == (name in ("metric", "unit"))
    assert verdict(found[2]) == f"{'refused' if found[2].refused else 'marked'}: another {name}"
    assert verdict(found[0]) == ALIKE


def test_the_majority_is_the_reference_wherever_it_stands() -> None:
    other = candidate(replace(HERE, hardware="Machine B"))
    assert [one.comparable for one in guard([candidate(), other, other])] == [False, True, True]
    assert [one.comparable for one in guard([other, candidate()])] == [True, False]


@given(st.lists(st.sampled_from(["a", "b"]), min_size=5, max_size=5).map(lambda words: Circumstances(*words)))
def test_differences_are_symmetric_and_empty_only_for_equals(other: Circumstances) -> None:
    one = Circumstances("a", "a", "a", "a", "a")
    assert differences(one, other) == differences(other, one)
    assert (differences(one, other) == ()) == (one == other)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Two datasets of one machine and one of another."""
    folder = tmp_path_factory.mktemp("compared")
    data = folder / "data"
    for study, host in (("tr108", "h1"), ("tr109", "h1"), ("tr110", "h2")):
        make_dataset(data, study=synthetic_study(study), runs=5, requests=2, tokens=8, environment={"host_id": host})
    return Project.at(copy_project(folder / "project"), data, folder / "store")


def rows(figure: Figure | None) -> list[dict[str, Any]]:
    """The points that a chart is drawn from."""
    assert figure is not None
    (found,) = figure.spec["datasets"].values()
    return list(found)


def test_points_of_another_machine_are_marked(project: Project) -> None:
    shown = [ShownDataset(open_edition(project, study, "v1")) for study in ("tr108", "tr109", "tr110")]
    store = Store(project.cache)
    found, pooled = candidates(shown, store)
    assert pooled["tr108/v1"] == "num gpu, threads"
    judged = guard(found)
    assert [one.differs for one in judged] == [()] * 4 + [("hardware",)] * 2
    series = [row["series"] for row in rows(drawing(judged, store))]
    assert series == [ALIKE] * 4 + ["marked: another hardware"] * 2
    assert [row[-1] for row in table(judged, pooled).rows] == series


def test_a_refused_point_is_listed_and_never_drawn(project: Project) -> None:
    store = Store(project.cache)
    found, pooled = candidates([ShownDataset(open_edition(project, "tr108", "v1"))], store)
    changed = replace(found[0].circumstances, metric="decode_tps version 3")
    judged = guard([*found, replace(found[0], circumstances=changed)])
    assert len(rows(drawing(judged, store))) == 2
    assert [row[-1] for row in table(judged, pooled).rows] == [ALIKE, ALIKE, "refused: another metric"]


def test_nothing_to_draw_is_said(project: Project) -> None:
    page = render_decode_speed([], environment(ROOT / "templates"), Store(project.cache))
    assert "Nothing to draw" in page.markdown
    assert [*page.assets] == ["charts/decode-speed/values.json"]


def test_the_page_has_its_chart_and_its_numbers(project: Project) -> None:
    shown = [ShownDataset(open_edition(project, study, "v1")) for study in ("tr108", "tr110")]
    page = render_decode_speed(shown, environment(ROOT / "templates"), Store(project.cache))
    scripts = [path for path in page.assets if path.endswith(".vl.json")]
    assert len(scripts) == 1
    assert f'data-spec="{Path(scripts[0]).relative_to("charts")}"' in page.markdown
    assert len(page.values) == 4
    assert all(isinstance(value, Value) for value in page.values.values())
