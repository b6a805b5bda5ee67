"""A report module asks several datasets, each by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import UnknownName, UsageError
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Cell, Lit
from hooks.recipes.columns import RUNS
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows
from hooks.recipes.sources import Source
from hooks.recipes.tables import table
from hooks.values.value import Value
from tests.support.datasets import make_dataset, synthetic_study


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of TR108 and one of TR117."""
    root = tmp_path_factory.mktemp("sources")
    for study, seed in (("tr108", 0), ("tr108", 1), ("tr117", 2)):
        make_dataset(root, study=synthetic_study(study), seed=seed, runs=2, requests=1)
    return root


@pytest.fixture
def draft(data: Path) -> Draft:
    named = {"first": ("tr108", "v1"), "second": ("tr108", "v2"), "other": ("tr117", "v1")}
    sources = {
        name: Source(
            Measurements(Dataset.open(data / study / version), other_recording=version == "v2"), synthetic_study(study)
        )
        for name, (study, version) in named.items()
    }
    return Draft.over(sources)


def test_datasets_are_asked_by_name_and_by_study(draft: Draft) -> None:
    assert draft.dataset("second").dataset.label == "tr108/v2"
    assert {name: data.dataset.label for name, data in draft.datasets("tr108").items()} == {
        "first": "tr108/v1",
        "second": "tr108/v2",
    }
    assert list(draft.datasets("tr117")) == ["other"]


def test_what_the_report_does_not_name_is_one_line(draft: Draft) -> None:
    with pytest.raises(
        UnknownName, match="unknown dataset of this report 'third'; choose one of: first, other, second"
    ):
        draft.dataset("third")
    with pytest.raises(UnknownName, match="unknown study of this report 'tr120'; choose one of: tr108, tr117"):
        draft.datasets("tr120")
    with pytest.raises(UsageError, match="asks several datasets; choose one by its name: first, second, other"):
        _ = draft.data


def test_one_question_has_an_id_for_each_dataset(draft: Draft) -> None:
    values = [draft.dataset(name).value("ttft") for name in ("first", "second", "other")]
    assert len({value.id for value in values}) == 3


def test_the_standard_tables_are_made_of_each(draft: Draft) -> None:
    tables = draft.content().tables
    assert {f"design-{name}" for name in ("first", "second", "other")} <= set(tables)
    assert "design" not in tables
    assert draft.content().levels == {}


def test_what_recipes_make_of_one_dataset_is_in_the_report(draft: Draft) -> None:
    part = draft.asking("other")
    table(rows(part, "threads"), "runs", "Runs by threads", RUNS)
    assert part.data.dataset.label == "tr117/v1"
    assert "runs" in draft.content().tables
    with pytest.raises(UsageError, match="two tables are called 'runs'"):
        table(rows(draft.asking("first"), "threads"), "runs", "Runs by threads", RUNS)


def test_a_report_of_one_dataset_asks_it_by_its_study(data: Path) -> None:
    draft = Draft(Measurements(Dataset.open(data / "tr108" / "v1")), synthetic_study())
    assert [one.dataset.label for one in draft.datasets("tr108").values()] == ["tr108/v1"]
    with pytest.raises(UnknownName, match="its only one has no name"):
        draft.dataset("first")
    assert set(draft.content().levels) == {"model", "num_gpu", "threads"}


def test_a_claim_is_of_one_session_where_its_dataset_is(draft: Draft) -> None:
    first, second = (draft.dataset(name).value("ttft") for name in ("first", "second"))
    ratio = draft.finding("ratio", second / first)
    alone = draft.claim("alone", "It waits {first}.", {"first": first}, "first.low > 0")
    both = draft.claim("both", "The second waits {ratio} as long.", {"ratio": ratio}, "ratio.low > 1")
    assert (alone.in_session, both.in_session) == (True, False)


def test_many_datasets_are_set_side_by_side(data: Path, draft: Draft, tmp_path: Path) -> None:
    failing = make_dataset(tmp_path, runs=2, requests=1, failures=3, flags={"stall": "request 1 stood still"})
    source = Source(Measurements(Dataset.open(failing), other_recording=True), synthetic_study())
    named = {"first": "tr108/v1", "second": "tr108/v2", "other": "tr117/v1"}
    sources = {
        name: Source(
            Measurements(Dataset.open(data / label), other_recording=name == "second"),
            synthetic_study(label.partition("/")[0]),
        )
        for name, label in named.items()
    }
    assert "outcomes_of_all" not in draft.content().tables
    tables = Draft.over({**sources, "failing": source}).content().tables
    outcomes = tables["outcomes_of_all"]
    ended = {row[0].text: [shown(cell) for cell in row[1:]] for row in outcomes.rows if isinstance(row[0], Lit)}
    assert [column.header for column in outcomes.columns][:2] == ["dataset", "ok"]
    assert ended["first"][0] == "16"
    assert ended["failing"][0] == "13"
    assert "3" in ended["failing"][1:]
    assert set(ended["first"][1:]) == {"—"}
    headers = [column.header for column in tables["flags_of_all"].columns]
    assert "throttling" not in headers, "no run of any dataset has this flag"
    stalls = headers.index("stall")
    assert [shown(row[stalls]) for row in tables["flags_of_all"].rows] == ["—", "—", "—", "13"]
    assert [shown(row[0]) for row in tables["lengths_of_all"].rows] == ["first, second, other, failing"]


def shown(cell: Cell) -> str:
    return cell.text if isinstance(cell, Lit | Value) else cell
