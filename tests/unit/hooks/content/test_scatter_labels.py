"""Labels beside the points of a chart on logarithmic axes: none lies on another, and the referee reads the drawing."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from harness.units import MS, ONE
from hooks.content.blocks import Figure
from hooks.content.charts import Point
from hooks.content.label_places import LINE
from hooks.content.scatter import HEIGHT, LogAxes, Sized, logarithmic
from hooks.values.evidence import Strength
from hooks.values.value import Value, constant
from tests.unit.hooks.verify.test_log_drawings import Built


def chart(*points: tuple[float, float]) -> Figure:
    made = [
        Sized(
            Point("fp32", Value(up, MS, Strength.DERIVED, name=f"up-{k}"), f"arm {k}"), constant(across, ONE, f"at {k}")
        )
        for k, (across, up) in enumerate(points)
    ]
    return logarithmic("trade", "Time", LogAxes("precision", "perplexity", "time", "arm"), made, joined=False)


def pixels(figure: Figure, field: str) -> list[float]:
    low, high = figure.spec["layer"][-1]["encoding"]["y"]["scale"]["domain"]
    rows = figure.spec["datasets"]["shown"]
    return [HEIGHT * (1 - math.log(row[field] / low) / math.log(high / low)) for row in rows]


def test_labels_of_points_that_nearly_agree_stand_below_one_another() -> None:
    figure = chart((40.17, 950.0), (40.17, 890.0), (40.17, 930.0), (40.17, 390.0))
    down = sorted(pixels(figure, "beside"))
    assert all(below - above >= LINE - 1e-6 for above, below in pairwise(down))
    assert down[0] == pytest.approx(min(pixels(figure, "number")))


def test_labels_with_room_stand_beside_their_points() -> None:
    figure = chart((40.17, 950.0), (125.0, 940.0), (40.17, 300.0))
    assert pixels(figure, "beside") == pytest.approx(pixels(figure, "number"))


def test_the_referee_reads_the_drawing_as_its_spec() -> None:
    figure = chart((40.17, 950.0), (40.17, 890.0), (125.0, 240.0))
    assert Built(figure, figure.svg).problem() is None
