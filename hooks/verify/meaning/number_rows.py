"""The table of all numbers of a page says of each what the page states: what it is, what is kept, and its status.

It stands on the page, or with that of the claims on a page of their own that shows nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.metrics import METRICS
from harness.metrics.definition import ReadingMetric, RunMetric, TaskMetric

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import (
    StatedBreakEven,
    StatedContrast,
    StatedCount,
    StatedDetectable,
    StatedLabel,
    StatedMetric,
    StatedQuestion,
)
from ..reader.said_once import span
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..reader.visible_text import plain
from ..recompute.derivation import PREDICT
from .tables import NUMBERS, text_of

OF_RUNS = {metric.id for metric in METRICS.values() if isinstance(metric, RunMetric | ReadingMetric | TaskMetric)}
"""Metrics that no phase of requests has."""
ACROSS = {"max": "largest"}
"""The words for a statistic over blocks, where they are not its name."""
HEADINGS = ["number", "what it is", "kept", "runs", "status", "id"]
OF_PAIRS = "@data-pairs or @data-findings"
"""The tables that set other recordings beside the published one."""
SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
"""Between the numbers that a number is computed from."""
WHAT = 1
"""The column whose cells may stand beside several rows."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at the table of every page that has values."""
    for page in site.pages:
        found = [table for one in page.documents for table in one.body.xpath(f".//*[@id='{NUMBERS}']//table")]
        if page.stated.values or found:
            yield from (Examined(page.documents[-1].name, problem) for problem in _problems(page, found))
        if page.rows_at:
            headed = " ".join(text_of(one) for one in page.rows.xpath(".//h1")).removesuffix("¶").strip()
            said = (
                None
                if headed.endswith(f" All {'claims and ' if page.stated.claims else ''}numbers")
                else f"it is headed “{headed}”"
            )
            yield Examined(page.documents[-1].name, said)
            tables = f"table[not({OF_PAIRS} or ancestor::*[@id='{NUMBERS}' or @id='claims'])]"
            other = page.rows.xpath(f".//figure | .//*[@data-claim][not(ancestor::table[{OF_PAIRS}])] | .//{tables}")
            said = f"it is the page of the claims and numbers of {page.name}, and shows more than them"
            yield Examined(page.documents[-1].name, said if other else None)


def _problems(page: Page, found: list[Any]) -> Iterator[str | None]:
    there = [table for table in found if page.rows in table.iterancestors()]
    if len(found) != 1 or found != there or [text_of(cell) for cell in found[0].xpath("./thead/tr/th")] != HEADINGS:
        yield f"the table of its numbers is not there, or not headed {', '.join(HEADINGS)}"
        return
    rows = found[0].xpath("./tbody/tr")
    named = [page.keys.get(row.get("id", ""), "") for row in rows]
    yield None if sorted(named) == sorted(page.stated.values) else "the table of its numbers leaves out or adds rows"
    for key, row, cells in zip(named, rows, _cells(rows), strict=True):
        if key in page.stated.values:
            problem = _row(key, page.stated.values[key], cells) or _method(row, page.stated.values[key])
            yield problem and f"numbers: {key} {problem}"


def _method(row: Any, value: StatedValue) -> str | None:
    """Whether an interval is said to come from the method that it comes from: by its row, or as most rows do."""
    said = row.get("data-method") or row.getparent().get("data-method")
    right = value.interval.method if value.interval else said
    return None if said == right else f"has an interval by {said}, it is by {right}"


def _cells(rows: list[Any]) -> Iterator[list[str]]:
    """The words of each row, with those of a cell that stands beside several rows in each of them."""
    beside, left = "", 0
    for row in rows:
        cells = list(row.iterchildren("td"))
        found = [text_of(cell) for cell in cells]
        if left == 0 and len(cells) > WHAT:
            beside, left = found[WHAT], span(cells[WHAT])
        elif left:
            found.insert(WHAT, beside)
        left = max(left - 1, 0)
        yield found


def _row(key: str, value: StatedValue, cells: list[str]) -> str | None:
    if len(cells) != len(HEADINGS):
        return "has another number of cells than the headings"
    _, what, kept, _, status, identity = cells
    if (status, identity) != (value.status, key.rpartition("-")[2]):
        return f"is said to be {status}, with the id {identity}"
    expected = " ".join(_kept(value.question).split()) if value.question else ""
    if kept != expected:
        return f"is said to keep “{kept}”, it keeps “{expected}”"
    missing = [words for words in _what(value) if plain(words) not in plain(what)]
    return f"is said to be “{what}”, which lacks “{missing[0]}”" if missing else None


def _kept(question: StatedQuestion) -> str:
    if isinstance(question, StatedLabel):
        return f"{question.setting} {question.level}"
    where = getattr(question, "where", {})
    parts: list[str] = []
    if isinstance(question, StatedContrast | StatedDetectable | StatedBreakEven):
        parts.append(f"{question.factor} {question.level} over {question.reference}")
    parts += [
        f"{name} {' or '.join(level if isinstance(level, str) else repr(level) for level in levels)}"
        for name, levels in where.items()
    ]
    if isinstance(question, StatedCount) and question.outcome:
        parts.append(" ".join(filter(None, (question.outcome, question.code))).replace("_", " "))
    return ", ".join(parts)


def _what(value: StatedValue) -> Iterator[str]:
    """What has to stand in the words about a value."""
    question = value.question
    if question is None:
        if value.operation == PREDICT:
            yield "what a recording on a new host would give"
        yield value.definition if value.parents else value.source or value.definition
        if value.operation in SIGNS and value.parents:
            yield SIGNS[value.operation]
        return
    yield value.definition.partition(":")[0]
    if isinstance(question, StatedMetric):
        across = ACROSS.get(question.across, question.across)
        yield f"{across} over blocks of the {across} over their runs"
        if question.within and question.phase:
            yield f"over {question.phase} requests"
        if question.divided_by:
            yield f"divided by that over {question.divided_by} requests"
    elif isinstance(question, StatedContrast | StatedDetectable):
        yield "one level over another in pairs of like runs"
        yield "averaged over each block"
        if question.within and question.phase and question.metric not in OF_RUNS:
            yield f"over {question.phase} requests"
