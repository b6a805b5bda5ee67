"""Rows are what was recorded, in the study's order, and name only what is declared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import UnknownName
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Lit
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import Row, rows
from tests.support.datasets import make_dataset, synthetic_study

MODELS = ("gemma-3-270m-q4_k_m", "smollm2-135m-q4_1")


def test_rows_are_the_recorded_combinations_in_the_order_of_the_study(draft: Draft) -> None:
    arms = rows(draft, "model", "threads", kinds={"threads": "setting"}, headings={"threads": "threads used"})
    assert [tuple(row.where.values()) for row in arms] == [(m, t) for m in MODELS for t in (1, 2)]
    assert arms.lines[0].names == {"model": Lit(MODELS[0], "identifier"), "threads": Lit("1", "setting")}
    assert [column.header for column in arms.columns] == ["model", "threads used"]


def test_what_was_not_recorded_is_no_row(tmp_path: Path) -> None:
    part = replace(synthetic_study(), exclusions=((("model", MODELS[0]), ("threads", 2)),))
    make_dataset(tmp_path, study=part, runs=1, requests=1)
    found = rows(Draft(Measurements(Dataset.open(tmp_path / "tr108" / "v1")), part), "model", "threads")
    assert [tuple(row.where.values()) for row in found] == [(MODELS[0], 1), (MODELS[1], 1), (MODELS[1], 2)]


def test_rows_are_narrowed_and_crossed(draft: Draft) -> None:
    models = rows(draft, "model")
    assert len(models.keep(lambda row: row.where["model"] == MODELS[1])) == 1
    assert len(models.ended("ok")) == 2
    assert not models.ended("unsupported")
    crossed = models.per("threads")
    assert crossed.names == ("threads", "model")
    assert [row.text("{model} with {threads}") for row in crossed.at(threads=2)] == [f"{m} with 2" for m in MODELS]
    assert crossed.named("model").names == ("model",)
    assert [row.slug("model", "threads") for row in models.per("threads", [2])] == [
        "gemma-3-270m-q4-k-m-2",
        "smollm2-135m-q4-1-2",
    ]


def test_a_level_in_a_name_is_never_read_as_a_label(draft: Draft) -> None:
    (row, *_) = rows(draft, "model")
    hostile = Row(row.where, {"model": "{threads} {0.__class__}"})
    assert hostile.text("{model}!") == "{threads} {0.__class__}!"


@pytest.mark.parametrize("label", ["{arm}", "{model.__class__}", "{}", "{0}"])
def test_a_label_shows_only_names_of_the_row(draft: Draft, label: str) -> None:
    (row, *_) = rows(draft, "model")
    with pytest.raises(UnknownName, match=r"unknown name of a row .*; choose one of: model"):
        row.text(label)


def test_an_unknown_factor_or_level_is_refused(draft: Draft) -> None:
    with pytest.raises(UnknownName, match="unknown factor 'arm'; choose one of: model, num_gpu, threads"):
        rows(draft, "arm")
    with pytest.raises(UnknownName, match="unknown level of 'threads': '3'; choose one of: 1, 2"):
        rows(draft, "model").per("threads", [3])
    with pytest.raises(UnknownName, match="unknown level of 'threads': '\"1\"'"):
        rows(draft, "threads").at(threads="1")
    with pytest.raises(UnknownName, match="unknown level of 'model'"):
        draft.ask("ttft", {"model": "gpt-9"})


def test_a_declared_level_that_was_not_recorded_has_a_missing_value(tmp_path: Path) -> None:
    """Also one that the study got after the dataset was sealed."""
    make_dataset(tmp_path, runs=1, requests=1)
    today = synthetic_study()
    grown = replace(today, factors=(*today.factors[:2], replace(today.factors[2], levels=(1, 2, 4))))
    draft = Draft(Measurements(Dataset.open(tmp_path / "tr108" / "v1")), grown)
    assert draft.ask("ttft", {"threads": 4}).number is None
    assert draft.ask("ttft", {"threads": 2}).number is not None
