"""The published coverage figures: complete, and in step with the rules in the code."""

from __future__ import annotations

import json

import pytest

from harness.stats.intervals.interval import MINIMUM_RUNS
from tests.support.projects import ROOT

BODY = json.loads((ROOT / "docs" / "methodology" / "coverage.json").read_bytes())
ROWS = BODY["rows"]
BLOCKS = {
    "4 levels against one, any effect",
    "4 levels at the margin, any equivalent",
    "6 levels against one, any effect",
    "6 levels at the margin, any equivalent",
    "any effect in a family",
    "any equivalence at the margin",
}
"""Procedures whose rows are about blocks, not about the shape of one run's noise."""
SHAPES = {"normal", "log-normal", "heavy-tailed", "bimodal"}


def test_enough_simulations_and_no_promise_missed() -> None:
    assert {BODY["simulations"], *(row["simulations"] for row in ROWS)} == {12_000}
    assert [row for row in ROWS if not row["holds"]] == []


@pytest.mark.parametrize("n", ["6", "7", "10", "30"])
def test_every_shape_is_covered_at_the_n_that_is_published(n: str) -> None:
    found = {row["shape"]: row for row in ROWS if row["procedure"] == "median" and row["n"] == n}
    assert found.keys() >= SHAPES
    assert all(found[shape]["promise"] == "95 ± 1 %" and found[shape]["printed"] == 1 for shape in SHAPES)
    assert any("autocorrelated" in shape and found[shape]["promise"] == "95 ± 1 %" for shape in found)


def test_below_the_minimum_nothing_is_printed() -> None:
    few = [row for row in ROWS if row["procedure"] == "median" and int(row["n"]) < MINIMUM_RUNS["median"]]
    few += [row for row in ROWS if row["procedure"] == "mean" and int(row["n"]) < MINIMUM_RUNS["mean"]]
    assert few
    assert all(row["printed"] == 0 for row in few)


def test_runs_in_a_row_have_no_interval() -> None:
    rows = [row for row in ROWS if row["shape"].endswith("in a row")]
    assert rows
    assert all(row["printed"] <= 0.05 for row in rows)


def test_false_alarms_are_at_most_five_percent() -> None:
    rows = [row for row in ROWS if row["promise"] == "at most 5 %"]
    assert {row["shape"] for row in rows if row["procedure"] not in BLOCKS} == SHAPES
    assert all(row["share"] <= 0.05 + 2 * (row["share"] / row["simulations"]) ** 0.5 for row in rows)


@pytest.mark.parametrize(
    "procedure", ["median over blocks", "contrast over blocks", "contrast in one session", "break-even"]
)
def test_what_counts_blocks_is_promised_and_holds(procedure: str) -> None:
    rows = [row for row in ROWS if row["procedure"] == procedure]
    assert len(rows) >= 5
    assert {row["promise"] for row in rows} == {"95 ± 1 %"}


def test_a_sum_of_operands_of_the_same_blocks_has_no_interval() -> None:
    rows = [row for row in ROWS if "by block" in row["shape"] and "/" not in row["procedure"]]
    assert rows
    assert all(row["printed"] == 0 for row in rows)


def test_statements_about_what_would_be_found_are_true_in_four_of_five_cases() -> None:
    rows = [row for row in ROWS if row["procedure"] == "what would be found"]
    assert len(rows) >= 3
    assert {row["promise"] for row in rows} == {"78 to 82 %"}
