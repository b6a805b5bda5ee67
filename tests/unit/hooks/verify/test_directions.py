"""A chart says which end of an axis is better, as the metrics behind its values say it, and the referee finds any other
arrow."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lxml import html

from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Figure
from hooks.content.charts import Axes, Point, intervals
from hooks.content.plane import Axis, Placed, plane
from hooks.content.scatter import LogAxes, Sized, logarithmic
from hooks.values.serialize import page_record
from hooks.values.value import Value
from hooks.verify.looks.directions import problem
from hooks.verify.reader.values_json import StatedPage

LOW, HIGH = {"x": "← better", "y": "↓ better"}, {"x": "better →", "y": "↑ better"}


class Built:
    """A figure as the referee has it, after ``pattern`` became ``wrong`` in its spec and in its drawings."""

    def __init__(self, figure: Figure, pattern: str = "$^", wrong: str = "", *, spec: bool = True) -> None:
        stated = json.dumps(figure.spec, ensure_ascii=False).replace("\u00a0", " ")
        drawn = [svg.replace("\u00a0", " ") for svg in (figure.svg, figure.narrow) if svg]
        self.spec: Any = json.loads(re.sub(pattern, wrong, stated) if spec else stated)
        self.drawings = [html.fragment_fromstring(re.sub(pattern, wrong, svg)) for svg in drawn]
        self.rows = self.spec["datasets"]["shown"]
        self.sized = any("at" in row for row in self.rows)
        values = [cell for row in figure.table.rows for cell in row if isinstance(cell, Value)]
        lineage = {one.id: one for value in values for one in value.lineage()}
        self.stated = StatedPage.model_validate(page_record("page", lineage.values()))

    def problem(self) -> str | None:
        return problem(self, self.stated)  # type: ignore[arg-type]


def row_of(data: Measurements, *metrics: str) -> Figure:
    points = [Point(f"row {place}", data.value(metric)) for place, metric in enumerate(metrics)]
    return intervals("waits", "Waits", Axes("row", "measured"), points, mixed=True)


@pytest.mark.parametrize(
    ("metrics", "arrow"),
    [(["ttft"], LOW), (["ttft", "e2e_latency"], LOW), (["decode_tps"], HIGH)],
)
def test_a_chart_of_rows_says_which_end_is_better(
    measured: Measurements, metrics: list[str], arrow: dict[str, str]
) -> None:
    figure, other = row_of(measured, *metrics), (HIGH if arrow is LOW else LOW)["x"]
    assert arrow["x"] in figure.svg.replace("\u00a0", " ")
    assert Built(figure).problem() is None
    assert "are better" in str(Built(figure, arrow["x"], other).problem())
    assert "are better" in str(Built(figure, f" {arrow['x']}", "").problem())
    assert "one of its drawings does not say" in str(Built(figure, f" {arrow['x']}", "", spec=False).problem())


def test_an_axis_of_metrics_that_disagree_says_neither(measured: Measurements) -> None:
    speed, pace = measured.value("decode_tps"), measured.value("ttft")
    ratios = [Point("speed", speed / speed), Point("wait", pace / pace)]
    figure = intervals("both", "Both", Axes("metric", "ratio"), ratios, mixed=True)
    assert "better" not in figure.svg
    assert Built(figure).problem() is None
    assert "neither end is better" in str(Built(figure, r'ratio( \(×\))?(?=["<])', "ratio ← better").problem())


def test_a_number_by_a_metric_is_better_the_other_way(measured: Measurements) -> None:
    speed = measured.value("decode_tps")
    figure = intervals("cost", "Cost", Axes("row", "cost"), [Point("a", measured.value("ttft") / speed)], mixed=True)
    assert Built(figure).problem() is None


@pytest.mark.parametrize("joined", [True, False])
def test_both_axes_of_a_chart_of_two_numbers_say_it(measured: Measurements, *, joined: bool) -> None:
    speed, wait = measured.value("decode_tps"), measured.value("ttft")
    over = logarithmic("over", "Over", LogAxes("run", "speed", "wait", "series"), [Sized(Point("a", wait), speed)])
    both = plane("both", "Both", "run", Axis("speed"), Axis("wait"), [Placed(Point("a", wait), speed)], joined=joined)
    for figure in (over, both):
        assert Built(figure).problem() is None
        for arrow in (HIGH["x"], LOW["y"]):
            assert "are better" in str(Built(figure, f" {arrow}", "").problem())


def test_a_difference_says_it_where_it_says_ahead(measured: Measurements) -> None:
    wait = measured.value("ttft")
    at = [Placed(Point("a", wait - wait), wait)]
    ahead = plane("ahead", "Ahead", "run", Axis("wait"), Axis("ahead of all", better="high"), at)
    assert Built(ahead).problem() is None
    assert "high numbers are better" in str(Built(ahead, HIGH["y"], LOW["y"]).problem())
    beside = plane("beside", "Beside", "run", Axis("wait"), Axis("beside all", better="high"), at)
    assert "neither end is better" in str(Built(beside).problem())


def test_the_title_of_each_panel_fits_below_it_with_its_arrow(measured: Measurements) -> None:
    wait = measured.value("ttft")
    points = [Point("row", wait, group=group) for group in ("natural", "padded", "buckets")]
    figure = intervals("panels", "Panels", Axes("row", "time to the first token of all", "", "shapes"), points)
    layer = figure.spec["spec"]["layer"][0]
    lines = layer["encoding"]["x"]["title"]
    assert isinstance(lines, list)
    assert max(map(len, lines)) * 7 <= figure.spec["spec"]["width"]
    assert Built(figure).problem() is None
    assert "low numbers are better" in str(Built(figure, LOW["x"], HIGH["x"]).problem())
