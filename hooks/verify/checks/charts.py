"""Every chart is drawn from the numbers that the page states, and its data table shows the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..reader.figure import Figure, figures
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..recompute.rounding import last_place, rounds

TOOLTIP = frozenset({"interval", "runs"})
WORDS = ("label", "series", "group")
KNOWN = {*WORDS, "order", "number", "low", "high", "text", "interval", "runs", "value"}
SIZED, SPAN = {"size", "at"}, {"begin", "from"}
"""What a point over a size has besides, and a span of time: another number, and the value that it is."""


def check(site: Site) -> Iterator[Examined]:
    """Compares every row of every chart's data with its value, and the rows with the data table."""
    for page in site.pages:
        for figure in figures(page):
            if not isinstance(figure, Figure):
                yield Examined(page.name, f"{figure[0]}: {figure[1]}")
                continue
            for row in figure.rows:
                problem = _problem(row, page.stated.values)
                yield Examined(page.name, problem and f"{figure.name}: {problem}")
            problems = [*_table(figure), *_titles(figure)]
            yield from (Examined(page.name, f"{figure.name}: {problem}") for problem in problems)


def _problem(row: Mapping[str, Any], values: Mapping[str, StatedValue]) -> str | None:
    value = values.get(str(row.get("value")))
    if value is None:
        return f"a point stands for {row.get('value')!r}, which the page does not state"
    if set(row) - KNOWN not in (set(), SIZED, SPAN) or not set(row) >= KNOWN:
        return f"a point has the fields {', '.join(sorted(row))}"
    if "at" in row and ((size := values.get(str(row["at"]))) is None or row["size"] != size.number):
        return f"a point lies at the size {row['size']!r}, which the page does not state"
    if "from" in row and ((begin := values.get(str(row["from"]))) is None or row["begin"] != begin.number):
        return f"a span begins at {row['begin']!r}, which the page does not state"
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
    for title in _said(figure.spec):
        if title not in known:
            yield f"it is titled “{title}”, which its data table does not head a column with"
    captions = [" ".join(caption.text_content().split()) for caption in figure.element.iter("figcaption")]
    if [figure.spec.get("description")] != captions:
        yield f"its description is “{figure.spec.get('description')}”, its caption is another"


def _said(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, child in node.items():
            if key == "title" and isinstance(child, str):
                yield " ".join(child.split())
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
