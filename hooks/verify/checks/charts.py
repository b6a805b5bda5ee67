"""Every chart is drawn from the numbers that the page states, and its data table shows the same ones."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reader.figure import Figure, figures
from ..reader.mismatches import Examined
from ..reader.page import Page, row_of
from ..reader.questions_json import StatedMetric
from ..reader.said import in_one_line, without_arrow
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..recompute.questions import answer, by_block
from ..recompute.rounding import last_place, rounds

TOOLTIP = frozenset({"interval", "runs"})
WORDS = ("label", "series", "group")
KNOWN = {*WORDS, "order", "number", "low", "high", "text", "interval", "runs", "value"}
SIZED, SPAN = {"size", "at"}, {"begin", "from"}
"""What a point over a size has besides, and a span of time: another number, and the value that it is."""
NAMED = {*SIZED, "beside"}
"""What a point over a size has besides where its name stands beside it: how high that stands."""
PLANAR = {*SIZED, "left", "right", "hollow", "ink", "href"}
"""What a point of two numbers has besides."""
KEYS = ("group", "series", "label")
MOST_DOTS = 60
"""A chart that would have more has none."""
REPORTS = "reports/"
"""Pages whose charts have dots; those of other pages may be drawn from what a report states, without its runs."""
ENDS = re.compile(r" Smallest: (.*); largest: (.*)\. The table below holds all numbers\.$")
"""What is heard of the ends of a chart."""


def check(site: Site) -> Iterator[Examined]:
    """Compares every row of every chart's data with its value, and the rows with the data table."""
    for page in site.pages:
        for figure in figures(page):
            if not isinstance(figure, Figure):
                yield Examined(page.name, f"{figure[0]}: {figure[1]}")
                continue
            for row in figure.rows:
                problem = _problem(page, row)
                yield Examined(page.name, problem and f"{figure.name}: {problem}")
            problems = [*_table(figure), *_titles(figure), *_dots(site, figure), *_heard(figure)]
            yield from (Examined(page.name, f"{figure.name}: {problem}") for problem in problems)


def _problem(page: Page, row: Mapping[str, Any]) -> str | None:
    values = page.stated.values
    value = values.get(str(row.get("value")))
    if value is None:
        return f"a point stands for {row.get('value')!r}, which the page does not state"
    if set(row) - KNOWN not in (set(), SIZED, NAMED, SPAN, PLANAR) or not set(row) >= KNOWN:
        return f"a point has the fields {', '.join(sorted(row))}"
    if "at" in row and ((size := values.get(str(row["at"]))) is None or row["size"] != size.number):
        return f"a point lies at the size {row['size']!r}, which the page does not state"
    if "from" in row and ((begin := values.get(str(row["from"]))) is None or row["begin"] != begin.number):
        return f"a span begins at {row['begin']!r}, which the page does not state"
    if "left" in row and (problem := _across(page, row, values[str(row["at"])])):
        return problem
    low, high = (value.interval.low, value.interval.high) if value.interval else (value.number, value.number)
    for name, expected in (("number", value.number), ("low", low), ("high", high)):
        if not isinstance(row[name], int | float) or row[name] != expected:
            return f"the {name} of {row['value']} is drawn as {row[name]!r}, the page states {expected!r}"
    if row["text"] != value.text or row["runs"] != str(value.n or 0):
        return f"the tooltip of {row['value']} says {row['text']} of {row['runs']} runs"
    return None if _interval(row["interval"], value) else f"the tooltip of {row['value']} says {row['interval']}"


def _interval(text: object, value: StatedValue) -> bool:
    if value.interval is None:
        return text == "none"
    low, _, high = str(text).partition("–")
    place = last_place(value)
    return rounds(low, value.interval.low, place) and rounds(high, value.interval.high, place)


def _titles(figure: Figure) -> Iterator[str]:
    """Every title in the spec is a heading of the data table, with or without its unit."""
    headings = [" ".join(cell.text_content().split()) for cell in figure.element.xpath(".//thead//th")]
    known = {*headings, *(heading.rpartition(" (")[0] for heading in headings), *TOOLTIP}
    for title in map(without_arrow, _said(figure.spec)):
        if title not in known:
            yield f"it is titled “{title}”, which its data table does not head a column with"
    captions = [" ".join(caption.text_content().split()) for caption in figure.element.iter("figcaption")]
    if [figure.spec.get("description")] != captions:
        yield f"its description is “{figure.spec.get('description')}”, its caption is another"


def _across(page: Page, row: Mapping[str, Any], value: StatedValue) -> str | None:
    """A point of two numbers: the ends of the interval across, and where it leads."""
    ends = (value.interval.low, value.interval.high) if value.interval else (value.number, value.number)
    if (row["left"], row["right"]) != ends:
        return f"the interval of {row['at']} is drawn from {row['left']!r} to {row['right']!r}"
    places = [f"{page.rows_at}#{row_of(row[name])}" for name in ("value", "at")]
    return None if row["href"] in places else f"a point leads to {row['href']}"


def _dots(site: Site, figure: Figure) -> Iterator[str]:
    """Every dot is a block of runs behind a point, and every block has one, unless there are very many."""
    inks = {(row.get("series") or row["label"], row.get("ink")) for row in figure.rows if figure.planar}
    if len(inks) > len({name for name, _ in inks}):
        yield "points of one series have two colours"
    coloured = {row["value"]: row["ink"] for row in figure.rows if figure.planar}
    if figure.planar and any(dot.get("ink") != coloured.get(dot.get("of")) for dot in figure.dots):
        yield "a dot has another colour than its point"
    if not figure.planar and not all(_is_of_its_point(figure, dot) for dot in figure.dots):
        yield "a dot is not of the point that it names"
        return
    drawn = sorted((str(dot.get("of")), dot.get("size", 0.0), dot.get("number")) for dot in figure.dots)
    expected = sorted(_expected(site, figure))
    if not figure.planar and not _has_dots(figure, expected):
        expected = []
    if len(drawn) != len(expected):
        yield f"it has {len(drawn)} dots for {len(expected)} blocks of runs"
    for dot, block in zip(drawn, expected, strict=False):
        if dot[0] != block[0] or not all(
            math.isclose(*pair, rel_tol=1e-9) for pair in zip(dot[1:], block[1:], strict=True)
        ):
            yield f"a dot of {dot[0]} lies at {dot[1:]}, its runs say {block[1:]}"
            return


def _has_dots(figure: Figure, blocks: Sequence[tuple[str, float, float]]) -> bool:
    """Whether a chart of rows or over sizes shows its blocks: those of one dataset, and not very many."""
    questions = (figure.page.stated.values[value].question for value, _, _ in blocks)
    asked = {getattr(one, "digest", "") for one in questions}
    shows = bool(figure.dots) or figure.page.name.startswith(REPORTS)
    return shows and len(blocks) <= MOST_DOTS and len(asked) < 2


def _is_of_its_point(figure: Figure, dot: Mapping[str, Any]) -> bool:
    """Whether a dot has the words and, over sizes, the size of the point whose number in order it has."""
    order, rows = dot.get("order"), figure.rows
    if not isinstance(order, int) or not 0 <= order < len(rows):
        return False
    same = {"label", "series", *({"size"} & rows[order].keys())}
    known = {*dot} == {"of", "order", "number", *same}
    return known and dot["of"] == rows[order]["value"] and all(dot[name] == rows[order][name] for name in same)


def _expected(site: Site, figure: Figure) -> Iterator[tuple[str, float, float]]:
    """The value, the size and the number of every block; none of several panels and of spans of time."""
    values = figure.page.stated.values
    for row in figure.rows:
        value = values[row["value"]]
        if figure.planar:
            blocks = list(_blocks(site, values[row["at"]], value))
        elif figure.spans or (row["group"] and not figure.sized):
            blocks = []
        else:
            numbers = by_block(site, value.question)
            blocks = [(row.get("size", 0.0), number) for number in numbers if len(numbers) > 1]
        yield from ((row["value"], across, number) for across, number in blocks)


def _blocks(site: Site, across: StatedValue, up: StatedValue) -> Iterator[tuple[float, float]]:
    if not isinstance(up.question, StatedMetric):
        return
    sides = answer(site, across.question).of_blocks if isinstance(across.question, StatedMetric) else None
    for block, number in answer(site, up.question).of_blocks.items():
        side = across.number if sides is None else sides.get(block)
        if side is not None:
            yield side, number


def _heard(figure: Figure) -> Iterator[str]:
    """What people hear begins with the caption, and names the points with the smallest and the largest number."""
    rows = sorted(figure.rows, key=lambda row: float(row["number"] or 0.0))
    for view in figure.element.xpath(".//*[@aria-label][contains(@class, 'b-chart-view')]"):
        words = " ".join(str(view.get("aria-label")).split())
        if not words.startswith(f"{' '.join(str(figure.spec.get('description')).split())}. "):
            yield f"“{words}” is heard of it, which is not its caption"
        if (told := ENDS.search(words)) and rows:
            expected = [", ".join(str(row[name]) for name in KEYS if row[name]) for row in (rows[0], rows[-1])]
            if [told[1], told[2]] != [" ".join(one.split()) for one in expected]:
                yield f"it is heard that {told[1]} is the smallest and {told[2]} the largest"


def _said(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            if key == "title" and child and isinstance(child, str | list):
                yield in_one_line(child)
            elif key not in ("data", "datasets"):
                yield from _said(child)
    elif isinstance(node, list):
        for child in node:
            yield from _said(child)


def _table(figure: Figure) -> Iterator[str]:
    """What differs between the points and the rows of the data table, in order."""
    numbers = figure.page.stated.values
    shown = [
        (keys, words)
        for keys, words in figure.table_rows()
        if all(key not in numbers or numbers[key].number is not None for key in keys)
    ]
    drawn = [(_ids(row), [str(row.get(name)) for name in WORDS if row.get(name)]) for row in figure.rows]
    if [key for key, _ in shown] != [key for key, _ in drawn]:
        yield "its data table shows other values than its points"
        return
    for (keys, words), (_, labels) in zip(shown, drawn, strict=True):
        if sorted(words) != sorted(" ".join(label.split()) for label in labels):
            yield f"its data table calls {keys[-1]} {', '.join(words)}, its points call it {', '.join(labels)}"
    if [int(row.get("order", -1)) for row in figure.rows] != list(range(len(figure.rows))):
        yield "its points are not numbered in order"


def _ids(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of a point as its row of the data table shows them: its size or its begin first."""
    return (*(row[name] for name in ("at", "from") if name in row), row.get("value"))
