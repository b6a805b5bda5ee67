"""A chart over sizes is read back from its pixels: what is drawn elsewhere, or besides, is found."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from harness.units import MS, ONE
from hooks.content.blocks import Figure
from hooks.content.charts import Point
from hooks.content.scatter import LogAxes, Sized, logarithmic
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value, constant
from hooks.verify.looks.inks import problem as unclear
from hooks.verify.looks.log_drawing import problem
from hooks.verify.reader.drawing import read

SIZES = (102_714, 5_036_720, 25_016_064, 124_439_808)

SYMBOL = r"<(?:path|circle)"
"""How a symbol is drawn."""


def point(series: str, size: int, number: float) -> Sized:
    interval = Interval(number * 0.8, number * 1.3, 0.95, "none")
    value = Value(number, MS, Strength.DERIVED, interval, name=f"{series}-{size}")
    return Sized(Point(f"m{size}", value, series), constant(size, ONE, f"size {size}"))


AXES = LogAxes("shape", "parameters", "step", "engine")


@pytest.fixture(scope="module")
def figure() -> Figure:
    paces = (("a", 1.0), ("b", 2.2))
    points = [point(series, size, (size / 1e5) ** 0.7 * pace) for series, pace in paces for size in SIZES]
    return logarithmic("hero", "Steps", AXES, points)


class Built:
    """A figure as the referee has it, with ``svg`` for its drawing."""

    def __init__(self, figure: Figure, svg: str) -> None:
        self.spec: Any = figure.spec
        self.rows = figure.spec["datasets"]["shown"]
        self.dots = figure.spec["datasets"].get("dots", [])
        self.svg = html.fragment_fromstring(svg)

    def problem(self) -> str | None:
        drawing = read(self.svg)
        return unclear(self, self.svg, drawing.marks) or problem(self, self.svg, drawing)  # type: ignore[arg-type]


def test_a_drawing_says_what_its_spec_says(figure: Figure) -> None:
    assert Built(figure, figure.svg).problem() is None


def moved(before: str, pixels: float) -> Any:
    """A replacement for the number after ``before``, and the pattern that finds both."""
    return rf"({before})([-\d.]+)", lambda found: f"{found[1]}{float(found[2]) + pixels}"


@pytest.mark.parametrize(
    ("pattern", "wrong", "found"),
    [
        (*moved(r"<path transform=\"translate\(", 1), "one of its points lies"),
        (*moved(r"<path transform=\"translate\([\d.]+,", 1), "one of its points lies"),
        (*moved(r"role-mark layer_1_marks.*?y2=\"", 2), "one of its intervals lies"),
        (*moved(r"layer_0_marks.*?d=\"M", 2), "one of its places of a line lies"),
        (">10M<", ">20M<", "the tick"),
        (">parameters<", ">bytes<", "it says “bytes”"),
        (r"<path d=\"M[^\"]*L[^\"]*\"/>", "", "it draws 1 lines, its spec has 2 series"),
        (r"(layer_0_marks.*?d=\"M[^L\"]*L[^L\"]*)L[^L\"]*", r"\1", "1 series, or they have other lengths"),
        (r"(layer_1_marks[^>]*>(?:<g [^>]*>)?)<line [^>]*>", r"\1", "it draws 7 intervals, its spec has 8"),
        (r"(layer_1_marks[^>]*>(?:<g [^>]*>)?)(<line [^>]*>)", r"\1\2\2", "it draws 9 intervals, its spec has 8"),
    ],
)
def test_a_tampered_drawing_is_found(figure: Figure, pattern: str, wrong: Any, found: str) -> None:
    svg, count = re.subn(pattern, wrong, figure.svg, count=1, flags=re.DOTALL)
    assert count == 1
    assert found in str(Built(figure, svg).problem())


@pytest.mark.parametrize(
    ("pattern", "wrong", "found"),
    [
        (r"(layer_2_marks.*?fill=\"var\(--b-chart-)1", r"\g<1>2", "is of no series of its legend"),
        (
            r"(layer_2_marks.*?)<circle ([^>]*) r=\"[^\"]*\"",
            r'\1<path \2 d="M-4,-4h8v8h-8Z"',
            "is of no series of its legend",
        ),
        (r"(layer_0_marks\" stroke=\"var\(--b-chart-)1", r"\g<1>2", "lines"),
        (r"(layer_1_marks.*?stroke=\"var\(--b-chart-)1", r"\g<1>2", "intervals"),
        (r"(role-legend-label.*?>)a(</text>.*?>)b(</text>)", r"\1b\2a\3", "one of its points lies"),
        (r"(role-legend-label.*?>)a(</text>)", r"\1c\2", "its legend leaves out a"),
        (r"(role-legend-symbol[^>]*>)<circle [^>]*/>", r"\1", "its legend leaves out a"),
    ],
    ids=[
        "colour",
        "shape",
        "colour of a line",
        "colour of an interval",
        "legend exchanged",
        "legend renamed",
        "no symbol",
    ],
)
def test_another_colour_shape_or_legend_is_found(figure: Figure, pattern: str, wrong: str, found: str) -> None:
    svg, count = re.subn(pattern, wrong, figure.svg, count=1, flags=re.DOTALL)
    assert count == 1
    assert found in str(Built(figure, svg).problem())


def test_exchanged_colours_of_two_points_are_found(figure: Figure) -> None:
    """Each of them still has the colour and the shape of a series."""
    drawn = re.findall(r"<(?:circle|path) transform=\"[^\"]*\"[^>]*/>", figure.svg)
    one, other = (next(mark for mark in drawn if f'fill="var(--b-chart-{ink})"' in mark) for ink in (1, 2))
    places = [re.search(r"translate\([^)]*\)", mark) for mark in (one, other)]
    assert all(places)
    there, here = (str(place and place[0]) for place in places)
    svg = figure.svg.replace(one, one.replace(there, here)).replace(other, other.replace(here, there))
    assert "one of its points lies" in str(Built(figure, svg).problem())


@pytest.fixture(scope="module")
def apart() -> Figure:
    """Points of two groups without lines; those of one are hollow."""
    points = [point(series, size, size / 1e5) for series in ("a", "b") for size in SIZES[:2]]
    judged = [
        replace(one, point=replace(one.point, group=group))
        for one, group in zip(points, ("passes", "fails", "passes", "fails"), strict=True)
    ]
    axes = replace(AXES, group="gate")
    return logarithmic("trade", "Steps", axes, judged, joined=False, hollow="fails")


def test_points_that_no_line_joins_stand_beside_their_labels(apart: Figure) -> None:
    assert Built(apart, apart.svg).problem() is None
    assert all(f">m{size}<" in apart.svg for size in SIZES[:2])
    assert [row[3] for row in apart.table.rows] == ["passes", "fails", "passes", "fails"]
    filled, hollow = (re.search(rf"layer_{layer}_marks.*?</g>", apart.svg, re.DOTALL) for layer in (1, 2))
    assert filled is not None
    assert hollow is not None
    assert "stroke-width" in hollow[0]
    assert len(re.findall(SYMBOL, hollow[0])) == len(re.findall(SYMBOL, filled[0])) == 2


@pytest.mark.parametrize(
    ("pattern", "wrong", "found"),
    [
        (f">m{SIZES[0]}<", f">m{SIZES[1]}<", "beside no point of that name"),
        (r"(layer_\d_marks[^>]*><text transform=\"translate\()([-\d.]+)", r"\g<1>9\2", "beside no point of that name"),
        (r"<text[^>]*>m[^<]*</text></g>", "</g>", "it names 3 points"),
    ],
)
def test_a_label_beside_another_point_is_found(apart: Figure, pattern: str, wrong: str, found: str) -> None:
    svg, count = re.subn(pattern, wrong, apart.svg, count=1)
    assert count == 1
    assert found in str(Built(apart, svg).problem())


def test_a_line_that_no_spec_has_is_found(apart: Figure, figure: Figure) -> None:
    line = re.search(r"<path d=\"M[^\"]*L[^\"]*\"/>", figure.svg)
    assert line is not None
    drawn, count = re.subn(r"(<g class=\"mark-symbol role-mark [^>]*>)", rf"\1{line[0]}", apart.svg, count=1)
    assert count == 1
    assert "its spec has 0 series" in str(Built(apart, drawn).problem())


def test_other_numbers_are_found(figure: Figure) -> None:
    built = Built(figure, figure.svg)
    built.rows = [{**row, "number": row["number"] * 1.02} for row in built.rows]
    assert "points" in str(built.problem())


def test_missing_numbers_stand_in_the_table_alone() -> None:
    missing = Value(None, MS, Strength.DERIVED, missing="not_reported", name="nothing")
    points = [point("a", size, size / 1e5) for size in SIZES[:2]]
    figure = logarithmic("hero", "Steps", AXES, [*points, Sized(Point("m", missing, "a"), points[0].size)])
    assert len(figure.spec["datasets"]["shown"]) == 2
    assert len(figure.table.rows) == 3
    assert Built(figure, figure.svg).problem() is None
