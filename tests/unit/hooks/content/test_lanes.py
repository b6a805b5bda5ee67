"""A timeline is read back from its pixels, and its data from its table: a span that lies elsewhere is found."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from harness.units import MS, S
from hooks.content.blocks import Figure
from hooks.content.charts import Axes, Point
from hooks.content.lanes import Span, lanes
from hooks.values.evidence import Strength
from hooks.values.value import Value
from hooks.verify.checks.charts import _problem as _stated_problem
from hooks.verify.looks.drawings import _problem

AXES = Axes("agent", "time in the round", "what goes on")
SPANS = (
    ("a", "prompt", 0.0205, 0.5),
    ("b", "queue", 0.02051, 0.3),
    ("a", "tokens", 0.5, 1.5),
    ("b", "prompt", 0.3, 0.3),
)


def at(number: float | None, name: str) -> Value:
    return Value(number, S, Strength.MEASURED, name=name, missing=None if number is not None else "not_reported")


def drawn(spans: tuple[Any, ...] = SPANS) -> Figure:
    made = [
        Span(at(begin, f"{agent}-{what}-from"), Point(agent, at(end, f"{agent}-{what}-to"), what))
        for agent, what, begin, end in spans
    ]
    return lanes("timeline", "One run", AXES, made)


def problem(figure: Figure, svg: str, rows: list[dict[str, Any]] | None = None) -> str | None:
    shown = rows or figure.spec["datasets"]["shown"]
    built = SimpleNamespace(
        dots=[],
        spec=figure.spec,
        rows=shown,
        spans=True,
        sized=False,
        planar=False,
        drawings=[html.fragment_fromstring(svg)],
    )
    return _problem(built)  # type: ignore[arg-type]


def test_spans_without_a_length_or_an_end_are_left_out() -> None:
    figure = drawn((*SPANS, ("b", "tokens", 0.3, None)))
    assert [row["label"] for row in figure.spec["datasets"]["shown"]] == ["a", "b", "a"]
    assert len(figure.table.rows) == 3
    assert problem(figure, figure.svg) is None


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"(role-mark layer_0_marks.*?translate\()([\d.]+)", "intervals lies"),
        (r"(role-mark.*?x2=\")([\d.]+)", "intervals lies"),
    ],
)
def test_a_span_that_lies_elsewhere_is_found(pattern: str, found: str) -> None:
    figure = drawn()
    svg, count = re.subn(pattern, lambda part: f"{part[1]}{float(part[2]) + 3}", figure.svg, count=1, flags=re.DOTALL)
    assert count == 1
    assert found in str(problem(figure, svg))


def test_another_begin_in_the_data_is_found() -> None:
    figure = drawn()
    rows = [{**row, "begin": row["begin"] + 0.1} for row in figure.spec["datasets"]["shown"]]
    assert "intervals lies" in str(problem(figure, figure.svg, rows))


def test_moments_of_different_units_do_not_share_an_axis() -> None:
    other = Value(1.0, MS, Strength.MEASURED, name="other")
    with pytest.raises(Exception, match="mixes units"):
        lanes("timeline", "One run", AXES, [Span(other, Point("a", at(2.0, "end"), "prompt"))])


def test_a_span_that_begins_at_no_value_of_the_page_is_found() -> None:
    row = dict(drawn().spec["datasets"]["shown"][0])
    ends = {row["from"]: row["begin"], row["value"]: row["number"]}
    stated: Any = {
        key: SimpleNamespace(number=number, interval=None, text=row["text"], n=int(row["runs"]))
        for key, number in ends.items()
    }
    page: Any = SimpleNamespace(stated=SimpleNamespace(values=stated))
    assert _stated_problem(page, row) is None
    assert "a span begins at" in str(_stated_problem(page, {**row, "begin": 0.1}))
    assert "a span begins at" in str(_stated_problem(page, {**row, "from": "elsewhere"}))
    assert "has the fields" in str(_stated_problem(page, {**row, "size": 1.0}))
