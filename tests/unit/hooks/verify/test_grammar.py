"""A drawing that covers, hides, turns or stretches what stands in it is found."""

from __future__ import annotations

import re

import pytest
from lxml import html

from harness.units import MS, ONE
from hooks.content.charts import Point
from hooks.content.scatter import LogAxes, Sized, logarithmic
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value, constant
from hooks.verify.looks.grammar import _problem


@pytest.fixture(scope="module")
def svg() -> str:
    def point(series: str, size: int) -> Sized:
        value = Value(
            size / 10, MS, Strength.DERIVED, Interval(size / 12, size / 8, 0.95, "none"), name=f"{series}{size}"
        )
        return Sized(Point(f"m{size}", value, series), constant(size, ONE, f"size {size}"))

    points = [point(series, size) for series in ("a", "b") for size in (100, 1_000, 10_000)]
    return logarithmic("hero", "Steps", LogAxes("shape", "parameters", "step", "engine"), points).svg


def told(svg: str) -> str:
    return str(_problem(html.fragment_fromstring(svg)))


def test_our_own_drawing_is_right(svg: str) -> None:
    assert told(svg) == "None"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</svg>", '<rect width="900" height="900" fill="white"/></svg>', "more than one group"),
        ("</g></svg>", '<image href="x.png"/></g></svg>', "it draws <image>"),
        ("</g></svg>", '<path d="M0,0L9,9"/></g></svg>', "no mark, no axis and no legend"),
        ('viewBox="0 0 ', 'viewBox="0 0 9', "is seen through"),
        (r'viewBox="0 0 (\d+) \d+', r'viewBox="0 0 \1 40', "stand outside"),
        ('max-width:', 'opacity:0;max-width:', "has the style"),
        ('<g class="mark-symbol', '<g display="none" class="mark-symbol', "has the display"),
        ('<g class="mark-symbol role-mark', '<g transform="scale(1,-1)" class="mark-symbol role-mark', "scale"),
        ("<circle ", '<circle opacity="0" ', "has the opacity"),
        (r'<circle ([^>]*) r="[^"]*"', r'<circle \1 r="0"', "has the r “0”"),
        (r'stroke-width="[\d.]+"', 'stroke-width="0"', "has the stroke-width “0”"),
        (r'(role-axis-title[^>]*fill=")[^"]*', r"\1none", "cannot be seen"),
        (r"(role-legend-label.*?)<text ", r'\1<text opacity="0" ', "cannot be seen"),
        (r'(<circle [^>]*fill=")[^"]*', r"\1url(#x)", "has the fill"),
    ],
)  # fmt: skip
def test_what_no_drawing_of_ours_has_is_found(svg: str, old: str, new: str, said: str) -> None:
    changed, count = re.subn(old, new, svg, count=1, flags=re.DOTALL)
    assert count == 1
    assert said in told(changed)
