"""The small dots of a chart are the blocks behind its points: drawn where they belong, all of them and no others."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from harness.units import MS, ONE, RATIO
from hooks.content.blocks import Figure
from hooks.content.charts import Axes, Point, intervals
from hooks.content.dots import MOST, dots
from hooks.content.scatter import LogAxes, Sized, logarithmic
from hooks.values.evidence import Interval, Sample, Strength
from hooks.values.questions import OfMetric
from hooks.values.value import Value, constant
from hooks.verify.checks import charts
from hooks.verify.looks import drawings
from hooks.verify.reader.drawing import read

DOT = r"<circle transform=\"translate\(([-\d.]+),([-\d.]+)\)\"[^>]* opacity=\"0\.75\"[^>]*/>"


def ratio(name: str, number: float, blocks: tuple[float, ...]) -> Value:
    interval = Interval(number * 0.9, number * 1.1, 0.95, "none")
    return Value(number, RATIO, Strength.DERIVED, interval, len(blocks), name=name, ratios=blocks)


def rows(series: bool) -> Figure:
    made = [
        Point(f"row {k}", ratio(f"r{k}", number, (number * 0.95, number, number * 1.04)), f"series {k % 2}" * series)
        for k, number in enumerate((0.8, 1.1, 1.3))
    ]
    return intervals("ratios", "Ratios", Axes("row", "ratio", "series" * series), made, zero=False, rule=1.0)


def over_sizes() -> Figure:
    def waited(number: float) -> Value:
        runs = tuple(f"s{k}/a" for k in range(4))
        sample = Sample(runs, runs, tuple(number * share for share in (0.8, 0.9, 1.1, 1.3)), "median")
        return Value(number, MS, Strength.MEASURED, Interval(number * 0.8, number * 1.3, 0.95, "none"), sample=sample)

    points = [
        Sized(Point(f"m{size}", waited(size * pace).named(f"{name}-{size}"), name), constant(size, ONE, f"size {size}"))
        for name, pace in (("PyTorch", 1.0), ("llama.cpp", 0.4))
        for size in (10, 100)
    ]
    return logarithmic("steps", "Steps", LogAxes("model", "size", "step", "engine"), points)


def problem(figure: Figure, svg: str) -> str | None:
    stated = figure.spec["datasets"]
    sized = "size" in stated["shown"][0]
    built: Any = SimpleNamespace(
        spec=figure.spec, rows=stated["shown"], dots=stated.get("dots", []), planar=False, sized=sized, spans=False
    )
    element = html.fragment_fromstring(svg)
    return drawings._drawn(built, element, read(element))


FIGURES = {"rows": lambda: rows(series=False), "rows of series": lambda: rows(series=True), "sizes": over_sizes}


@pytest.mark.parametrize("kind", FIGURES)
def test_each_block_is_drawn_as_a_dot(kind: str) -> None:
    figure = FIGURES[kind]()
    for svg in (figure.svg, figure.narrow):
        assert len(re.findall(DOT, svg)) == len(figure.spec["datasets"]["dots"]) > 8
        assert problem(figure, svg) is None


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("place", [1, 2])
def test_a_dot_at_another_place_is_found(kind: str, place: int) -> None:
    figure = FIGURES[kind]()
    dot = re.search(DOT, figure.svg)
    assert dot is not None
    moved = [float(dot[1]), float(dot[2])]
    moved[place - 1] += 3
    wrong = dot[0].replace(f"{dot[1]},{dot[2]}", ",".join(map(str, moved)))
    assert "does not lie where it belongs" in str(problem(figure, figure.svg.replace(dot[0], wrong)))


@pytest.mark.parametrize("kind", FIGURES)
def test_a_dot_more_or_less_is_found(kind: str) -> None:
    figure = FIGURES[kind]()
    dot = re.search(DOT, figure.svg)
    assert dot is not None
    for instead in ("", dot[0] * 2):
        assert "dots, its spec has" in str(problem(figure, figure.svg.replace(dot[0], instead)))


@pytest.mark.parametrize("kind", ["rows of series", "sizes"])
def test_a_dot_in_the_colour_of_another_series_is_found(kind: str) -> None:
    figure = FIGURES[kind]()
    inks = set(re.findall(r"var\(--b-chart-\d\)", figure.svg))
    dot = next(re.finditer(DOT, figure.svg))
    own = next(ink for ink in inks if ink in dot[0])
    wrong = dot[0].replace(own, (inks - {own}).pop())
    assert "another colour than its series" in str(problem(figure, figure.svg.replace(dot[0], wrong)))


def asked(dataset: str) -> OfMetric:
    about: dict[str, Any] = {"metric": "ttft", "version": 1, "phase": "measured", "within": "median"}
    return OfMetric(dataset=dataset, digest=dataset, where=(), **about)


def test_a_chart_over_two_datasets_has_no_dots() -> None:
    values = [replace(ratio(f"r{k}", 1.0, (0.9, 1.1)), question=asked(f"{k}")) for k in range(2)]
    assert dots([Point(f"row {k}", value) for k, value in enumerate(values)]) == []
    assert len(dots([Point(f"row {k}", values[0]) for k in range(2)])) == 4


def test_a_chart_of_very_many_blocks_and_one_of_single_blocks_have_no_dots() -> None:
    for blocks in (tuple(1.0 for _ in range(MOST + 1)), (1.0,)):
        figure = intervals("one", "One", Axes("row", "ratio"), [Point("row", ratio("r", 1.0, blocks))], rule=1.0)
        assert "dots" not in figure.spec["datasets"]
        assert 'opacity="0.75"' not in figure.svg


def stated(
    figure: Figure,
    monkeypatch: pytest.MonkeyPatch,
    dots: list[dict[str, Any]],
    page_name: str = "reports/one.html",
) -> list[str]:
    """What is said of the ``dots`` of a spec beside what the runs say."""
    shown = figure.spec["datasets"]["shown"]
    blocks: dict[str, list[float]] = {}
    for dot in figure.spec["datasets"]["dots"]:
        blocks.setdefault(dot["of"], []).append(dot["number"])
    monkeypatch.setattr(charts, "by_block", lambda _, question: blocks[question])
    values = {row["value"]: SimpleNamespace(question=row["value"]) for row in shown}
    page = SimpleNamespace(name=page_name, stated=SimpleNamespace(values=values))
    sized = "size" in shown[0]
    built: Any = SimpleNamespace(page=page, rows=shown, dots=dots, planar=False, sized=sized, spans=False)
    return list(charts._dots(SimpleNamespace(), built))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", FIGURES)
def test_the_dots_of_a_spec_are_those_of_the_runs(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = FIGURES[kind]()
    dots = figure.spec["datasets"]["dots"]
    assert stated(figure, monkeypatch, dots) == []
    first, *rest = dots
    assert "dots for" in stated(figure, monkeypatch, rest)[0]
    assert "its runs say" in stated(figure, monkeypatch, [{**first, "number": first["number"] * 1.001}, *rest])[0]
    for wrong in ({"order": 1}, {"label": "another"}, {"of": "another"}, {"more": 1}, {"order": 99}):
        assert "not of the point" in stated(figure, monkeypatch, [{**first, **wrong}, *rest])[0]
    assert "0 dots for" in stated(figure, monkeypatch, [])[0]
    assert stated(figure, monkeypatch, [], "index.html") == []
