"""A drawing says nothing twice, and still draws what Vega draws."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

import pytest
import vl_convert

from harness.units import MS
from hooks.content.charts import Axes, Point, intervals
from hooks.content.vega import FONTS, INK, static_svg, theme
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value

INHERITED = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor")
DEFAULTS = {"stroke-width": "1", "text-anchor": "start"}


def value(number: float, name: str) -> Value:
    bounds = Interval(number - 1, number + 1, 0.95, "order statistics")
    return Value(number, MS, Strength.MEASURED, bounds, 7, definition=name)


FIGURE = intervals(
    "wait",
    "Wait",
    Axes("setting", "time", "model"),
    [Point(f"s{n % 3}", value(n + 2.0, f"v{n}"), f"m{n % 2}") for n in range(6)],
    rule=3.0,
)


def test_no_two_of_many_series_look_alike() -> None:
    colours, symbols = theme()["range"]["category"], theme()["range"]["symbol"]
    looks = {(colours[n % len(colours)], symbols[n % len(symbols)]) for n in range(20)}
    assert len(looks) == 20


def drawn(element: ET.Element, inherited: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Each thing that shows, with how it looks: what it does not say itself it has from its parents."""
    said = inherited | {name: element.attrib[name] for name in INHERITED if name in element.attrib}
    tag = element.tag.rpartition("}")[2].replace("circle", "path")
    seen = any(said.get(name, "none") != "none" for name in ("fill", "stroke"))
    if tag in ("line", "path", "text") and seen and element.get("d") != "":
        yield tag, element.text, *(said.get(name, DEFAULTS.get(name)) for name in INHERITED)
    for child in element:
        yield from drawn(child, said)


def colours(svg: str) -> str:
    for variable, colour in INK.items():
        svg = svg.replace(f"var({variable})", colour)
    return svg


def test_what_shows_is_what_vega_draws() -> None:
    raw = vl_convert.vegalite_to_svg(json.dumps(FIGURE.spec), config=theme())
    ours, vegas = (list(drawn(ET.fromstring(svg), {})) for svg in (colours(FIGURE.svg), raw))  # noqa: S314
    assert len(ours) > 30
    assert ours == vegas


def test_nothing_is_said_by_every_mark_of_a_group() -> None:
    for group in re.findall(r'<g class="mark-[^>]*>((?:<(?:line|path|circle)[^<>]*/>){2,})</g>', FIGURE.svg):
        colours_said = re.findall(r' (?:stroke|fill)="[^"]*"', group)
        assert len(set(colours_said)) != 1 or len(colours_said) < group.count("<")
    assert 'd=""' not in FIGURE.svg


def test_a_drawing_leaves_the_fonts_of_the_process_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FONTS, "/somewhere/fonts.conf")
    assert static_svg(FIGURE.spec, "svg-wait") == FIGURE.svg
    assert os.environ[FONTS] == "/somewhere/fonts.conf"
    monkeypatch.delenv(FONTS)
    assert static_svg(FIGURE.spec, "svg-wait") == FIGURE.svg
    assert FONTS not in os.environ


def offsets(*points: tuple[str, str]) -> set[bool]:
    """Whether each layer of the chart of these labels and series sets the series apart."""
    found = intervals(
        "wait", "Wait", Axes("setting", "time", "model"), [Point(label, value(2.0, "v"), one) for label, one in points]
    )
    return {"yOffset" in layer["encoding"] for layer in found.spec["layer"]}


def test_series_stand_beside_each_other_only_where_they_share_a_label() -> None:
    assert offsets(("a", "one"), ("b", "two")) == {False}
    assert offsets(("a", "one"), ("a", "two")) == {True}


def test_a_reference_line_is_drawn_once() -> None:
    for drawing in (FIGURE.svg, FIGURE.narrow):
        assert drawing.count("stroke-dasharray") == 1


def test_a_reference_line_is_drawn_in_every_panel() -> None:
    points = [Point(f"s{n}", value(n + 2.0, f"v{n}"), group=f"g{n % 3}") for n in range(6)]
    panels = intervals("wait", "Wait", Axes("setting", "time", group="engine"), points, rule=3.0)
    for drawing in (panels.svg, panels.narrow):
        assert drawing.count("stroke-dasharray") == 3


def test_a_reference_line_lies_below_the_labels_of_a_narrow_drawing() -> None:
    assert FIGURE.narrow.rindex("mark-rule") < FIGURE.narrow.index(">s0<")
