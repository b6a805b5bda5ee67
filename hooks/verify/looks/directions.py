"""Every chart of metrics of which one direction is better says which: by an arrow after the title of the axis, in its
spec and in each drawing. No other axis has one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.metrics import METRICS

from ..reader.figure import Figure, figures
from ..reader.mismatches import Examined
from ..reader.questions_json import StatedContrast, StatedDetectable, StatedMetric
from ..reader.said import in_one_line, titles_of, told
from ..reader.site import Site
from ..reader.values_json import StatedPage

NAMES = {True: "high numbers are better", False: "low numbers are better", None: "neither end is better"}
DIFFERENCE, AHEAD = "-", "ahead"
"""What a difference is good for depends on what it is called: only of one that says how far ahead something is."""


def check(site: Site) -> Iterator[Examined]:
    """Looks for the arrow of every axis of every chart."""
    for page in site.pages:
        for figure in figures(page):
            if isinstance(figure, Figure) and not figure.spans:
                found = problem(figure, page.stated)
                yield Examined(page.name, found and f"{figure.name}: {found}")


def problem(figure: Figure, stated: StatedPage) -> str | None:
    """The first axis that does not say which of its ends is better, or says another; none of a chart without points."""
    sides = {"x": "at", "y": "value"} if figure.sized else {"x": "value"}
    for side, of in sides.items() if figure.rows else ():
        titles = sorted(set(titles_of(figure.spec, side)))
        wanted = _wanted(stated, [str(row[of]) for row in figure.rows], titles)
        if {told(title, side) for title in titles} != {wanted}:
            return f"its axis is titled “{'”, “'.join(titles)}”, and by its metrics {NAMES[wanted]}"
        for drawing in figure.drawings:
            words = {in_one_line(list(text.itertext())) for text in drawing.iter("text")}
            if wanted is not None and (lost := [title for title in titles if title not in words]):
                return f"one of its drawings does not say “{lost[0]}”"
    return None


def _wanted(stated: StatedPage, keys: Sequence[str], titles: Sequence[str]) -> bool | None:
    """The better end that the metrics behind the values of an axis have in common, if they have."""
    operations = {stated.values[key].operation for key in keys}
    if DIFFERENCE in operations and operations <= {DIFFERENCE, "constant"}:
        return True if all(AHEAD in title.split() for title in titles) else None
    known = {_direction(stated, key) for key in keys if stated.values[key].operation != DIFFERENCE} - {None}
    return known.pop() if len(known) == 1 else None


def _direction(stated: StatedPage, key: str) -> bool | None:
    """Whether a higher number is better, by the metric asked for or by what a formula begins with."""
    value = stated.values[key]
    asked, parents = value.question, value.parents
    if isinstance(asked, StatedMetric | StatedContrast | StatedDetectable):
        return METRICS[asked.metric].higher_is_better if asked.metric in METRICS else None
    if value.operation == "*":
        measured = [parent for parent in parents if stated.questions([parent])]
        return _direction(stated, measured[0]) if len(measured) == 1 else None
    if value.operation == "/" and not stated.questions(parents[:1]):
        divisor = _direction(stated, parents[1])
        return None if divisor is None else not divisor
    return _direction(stated, parents[0]) if parents else None
