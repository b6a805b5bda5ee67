"""Headings and units say what is asked."""

from __future__ import annotations

import pytest

from harness.errors import UnknownName, UsageError
from harness.units import MS, S
from hooks.content.blocks import Column
from hooks.recipes.columns import RUNS, column, count, metric, metrics
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows
from hooks.recipes.tables import outcomes, table
from hooks.values.value import Value


def test_the_unit_is_that_of_the_metric() -> None:
    assert metric("ttft", "first token").column == Column("first token", MS, "interval")
    assert metric("ttft").column.header == "time to first token"
    assert count("prompt_tokens", "tokens of the prompt").column == Column("tokens of the prompt", None, "figure")


@pytest.mark.parametrize(
    ("heading", "asked", "message"),
    [
        ("first token, mean", {}, "says mean, but the column asks median of median"),
        ("first token, Median", {"across": "mean", "within": "mean"}, "says median, but the column asks mean of mean"),
        ("first token", {"across": "mean"}, "is that of a mean and does not say so"),
        ("first token", {"within": "mean"}, "is that of a mean and does not say so"),
        ("mean first token", {"across": "mean"}, "is that of mean of median; a mean is over all requests"),
        ("first token, mean", {"within": "mean"}, "is that of median of mean; a mean is over all requests"),
        ("first token", {"within": "max", "across": "max"}, "is that of a largest one; say largest"),
    ],
)
def test_a_heading_cannot_name_another_statistic(heading: str, asked: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        metric("ttft", heading, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("a meaning", {}),
        ("mean first token", {"within": "mean", "across": "mean"}),
        ("first token, mean of a run", {"within": "mean"}),
        ("slowest first token", {"within": "max", "across": "max"}),
    ],
)
def test_a_heading_that_is_true_stays(heading: str, asked: dict[str, str]) -> None:
    assert metric("ttft", heading, **asked).column.header == heading  # type: ignore[arg-type]


def test_only_counts_go_without_unit() -> None:
    with pytest.raises(UsageError, match="metric 'ttft' counts nothing: it has a unit; use metric"):
        count("ttft", "first token")


@pytest.mark.parametrize("made", [metric, count, lambda name: metrics(**{name: "wait"})])
def test_an_unknown_metric_is_refused(made: object) -> None:
    with pytest.raises(UnknownName, match="unknown metric 'tfft'"):
        made("tfft")  # type: ignore[operator]


def test_a_table_has_a_line_per_row_and_a_cell_per_column(draft: Draft) -> None:
    models = rows(draft, "model")
    table(models, "waits", "Waits", metrics(ttft="first token", load_time="load"), RUNS)
    made = draft.content().tables["waits"]
    assert [one.header for one in made.columns] == ["model", "first token", "load", "runs"]
    assert [row[1] for row in made.rows] == [draft.ask("ttft", row.where) for row in models]
    assert sum(int(row[3].number or 0) for row in made.rows if isinstance(row[3], Value)) == 48


@pytest.mark.parametrize(
    ("unit", "message"),
    [(S, "the column 'waiting' says s and holds ms"), (None, "the column 'waiting' says no unit and holds ms")],
)
def test_a_heading_with_another_unit_than_its_values_is_refused(draft: Draft, unit: object, message: str) -> None:
    waiting = column("waiting", lambda draft, row: draft.ask("ttft", row.where), unit)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=f"table 'waits': {message}"):
        table(rows(draft, "model"), "waits", "Waits", waiting)


def test_every_ending_of_a_row_is_told(draft: Draft) -> None:
    outcomes(rows(draft, "model"), "ended", "How runs ended")
    made = draft.content().tables["ended"]
    found = [(row[1], row[3].number) for row in made.rows if isinstance(row[3], Value)]
    assert sorted(kind for kind, _ in found) == ["failed", "ok", "ok"]
    assert sum(number or 0 for _, number in found) == 48
