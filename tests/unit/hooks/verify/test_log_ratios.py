"""Ratios that spread widely stand on a logarithmic axis, which is read back as one."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from harness.units import RATIO
from hooks.content.blocks import Figure
from hooks.content.charts import Axes, Point, intervals
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value
from hooks.verify.looks import drawings
from hooks.verify.reader.drawing import read

FAR, NEAR = (0.0088, 0.3, 1.05), (0.4, 0.9, 1.05)


def drawn(numbers: tuple[float, ...]) -> Figure:
    points = [
        Point(f"m{number}", Value(number, RATIO, Strength.DERIVED, Interval(number * 0.9, number * 1.2, 0.95, "none")))
        for number in numbers
    ]
    return intervals("ratios", "Ratios", Axes("metric", "ratio"), points, zero=False, rule=1.0)


def scale(figure: Figure) -> Any:
    return figure.spec["layer"][1]["encoding"]["x"]["scale"].get("type")


def problem(figure: Figure, svg: str, spec: Any = None) -> str | None:
    spec = spec or figure.spec
    rows = spec["datasets"]["shown"]
    built: Any = SimpleNamespace(spec=spec, rows=rows, dots=[], planar=False, sized=False, spans=False)
    element = html.fragment_fromstring(svg)
    return drawings._drawn(built, element, read(element))


@pytest.mark.parametrize(("numbers", "kind"), [(FAR, "log"), (NEAR, None)])
def test_an_axis_is_logarithmic_where_ratios_spread_widely(numbers: tuple[float, ...], kind: str | None) -> None:
    figure = drawn(numbers)
    assert scale(figure) == kind
    for svg in (figure.svg, figure.narrow):
        assert problem(figure, svg) is None


@pytest.mark.parametrize(
    ("pattern", "wrong", "found"),
    [
        (r"(<circle transform=\"translate\()([-\d.]+)", 2.0, "one of its points lies at"),
        (r"(mark-rule role-mark layer_1.*?x2=\")([-\d.]+)", 3.0, "one of its intervals lies at"),
        (r"(>)(0.1)(?=</text>)", 0.1, "the tick"),
    ],
)
def test_what_is_drawn_elsewhere_on_it_is_found(pattern: str, wrong: float, found: str) -> None:
    figure = drawn(FAR)
    moved, count = re.subn(
        pattern, lambda one: f"{one[1]}{float(one[2]) + wrong:g}", figure.svg, count=1, flags=re.DOTALL
    )
    assert count == 1
    assert found in str(problem(figure, moved))


def test_a_linear_axis_of_such_ratios_is_found() -> None:
    far, near = drawn(FAR), drawn(NEAR)
    spec = {**near.spec, "datasets": far.spec["datasets"]}
    assert "its ratios spread over a factor of 159" in str(problem(far, far.svg, spec))
