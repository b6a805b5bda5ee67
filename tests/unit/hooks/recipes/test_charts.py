"""A chart shows what a column asks, and heads its axes with the column's words and the names of the rows."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import UnknownName, UsageError
from hooks.content.blocks import Figure
from hooks.recipes.charts.intervals import chart
from hooks.recipes.columns import column, metric
from hooks.recipes.contrasts import against_reference, ratio
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows

WAIT = metric("ttft", "time to first token")


def drawn(draft: Draft) -> Figure:
    return draft.content().figures["waits"]


def test_points_are_named_by_the_rows(draft: Draft) -> None:
    arms = rows(draft, "model", "threads", headings={"threads": "threads used"})
    chart(arms, "waits", "Waits", WAIT, label="{threads}", series="model")
    table = drawn(draft).table
    assert [one.header for one in table.columns] == ["threads used", "model", "time to first token"]
    assert [row[2] for row in table.rows] == [draft.ask("ttft", row.where) for row in arms]


def test_a_label_of_several_names_is_headed_by_all_of_them_or_by_the_axis(draft: Draft) -> None:
    arms = rows(draft, "model", "threads")
    chart(arms, "waits", "Waits", WAIT, label="{model}, {threads}")
    chart(arms, "more", "Waits", WAIT, label="{model}, {threads}", axis="arm")
    figures = draft.content().figures
    assert [figures[name].table.columns[0].header for name in ("waits", "more")] == ["model and threads", "arm"]


def test_several_columns_are_series(draft: Draft) -> None:
    cold = metric("ttft", "time to first token", phase="cold")
    chart(rows(draft, "model"), "waits", "W", {"first": cold, "warm": WAIT}, label="{model}", series="request")
    table = drawn(draft).table
    assert [one.header for one in table.columns] == ["model", "request", "time to first token"]
    assert [getattr(row[1], "text", "") for row in table.rows] == ["first", "warm"] * 2


def rules(figure: Figure) -> list[Any]:
    return [layer["encoding"]["x"].get("datum") for layer in figure.spec["layer"]]


def test_ratios_stand_beside_a_line_at_one(draft: Draft) -> None:
    found = against_reference(draft, {"decode_tps": "decode"}, "threads", "model", ("model", "threads"))
    chart(found, "waits", "Speed", ratio("decode speed, ratio"), label="{threads}", series="model")
    chart(rows(draft, "model"), "plain", "Waits", WAIT, label="{model}")
    figures = draft.content().figures
    assert 1.0 in rules(figures["waits"])
    assert 1.0 not in rules(figures["plain"])


def test_what_cannot_be_drawn_is_refused(draft: Draft) -> None:
    models = rows(draft, "model")
    with pytest.raises(UsageError, match="figure 'waits' shows load and time to first token; give it one heading"):
        chart(models, "waits", "W", {"a": WAIT, "b": metric("load_time", "load")}, label="{model}", series="what")
    with pytest.raises(UsageError, match="figure 'waits' shows 'words', which is no value"):
        chart(models, "waits", "W", column("words", lambda *_: "none"), label="{model}")
    for names in ({"label": "{arm}"}, {"label": "{model}", "series": "arm"}, {"label": "{model}", "group": "arm"}):
        with pytest.raises(UnknownName, match="unknown name of a row 'arm'"):
            chart(models, "waits", "W", WAIT, **names)  # type: ignore[arg-type]
