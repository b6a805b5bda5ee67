"""Every row is named after what its values keep: a level in a label is one that the question of each value asks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ..reader.mismatches import Examined
from ..reader.questions_json import Level, StatedContrast, StatedDetectable
from ..reader.site import Site
from ..reader.values_json import StatedValue
from .tables import Cell, tables

NO_LEVELS = frozenset(
    {
        "effective",
        "it is tested by",
        "engine",
        "hardware",
        "audit",
        "workload",
        "better than",
        "what the data say",
        "report",
    }
)
"""Headings of what is no level that the values of a row keep: what an engine reported, predicates, machines, and what
other checks read."""
OVER = "÷"
"""Before the name of a factor: its level over its reference."""
CHANGE = re.compile(r"(\S+) (.+) ÷ (.+)")
Asked = Mapping[str, frozenset[str]]
"""The texts of the levels that a question keeps or compares, by factor."""


def check(site: Site) -> Iterator[Examined]:
    """Compares the labels of every row with the questions of its values."""
    for page in site.pages:
        for table in tables(page):
            asked = [[_asked(cell.value) for cell in row if cell.value is not None] for row in table.rows]
            factors = _factors(one for row in asked for one in row)
            for row, questions in zip(table.rows, asked, strict=True):
                labels = [cell for cell in row if cell.value is None]
                problem = next(_problems(labels, [one for one in questions if one], factors), None)
                yield Examined(page.name, problem and f"{table.name}: {problem}")


def _asked(value: StatedValue) -> Asked:
    question = value.question
    found = {name: frozenset(map(_text, levels)) for name, levels in getattr(question, "where", {}).items()}
    if isinstance(question, StatedContrast | StatedDetectable):
        level, reference = _text(question.level), _text(question.reference)
        found[question.factor] = frozenset((level, reference))
        found[OVER + question.factor] = frozenset((f"{level} ÷ {reference}",))
    return found


def _factors(questions: Iterator[Asked]) -> dict[str, set[str]]:
    """The factors that have a level, by its text, among all questions of a table."""
    found: dict[str, set[str]] = {}
    for question in questions:
        for factor, levels in question.items():
            for level in levels:
                found.setdefault(level, set()).add(factor)
    return found


def _problems(labels: Sequence[Cell], questions: Sequence[Asked], factors: Mapping[str, set[str]]) -> Iterator[str]:
    """Labels of which no value of the row is. A row may set one level against another, so one value is enough."""
    for label in labels:
        if label.heading.lower() in NO_LEVELS:
            continue
        judged = [right for question in questions if (right := _fits(label, question, factors)) is not None]
        if judged and not any(judged):
            yield f"a row is named “{label.text}”, its values are of {'; '.join(map(_words, questions[:2]))}"


def _fits(label: Cell, question: Asked, factors: Mapping[str, set[str]]) -> bool | None:
    """Whether a label names a level that a question asks; null where it names no level of the question's factors."""
    change = CHANGE.fullmatch(label.text)
    if change:
        sides = question.get(OVER + change[1])
        return None if sides is None else f"{change[2]} ÷ {change[3]}" in sides
    rest = label.text
    for level in sorted((one for levels in question.values() for one in levels if ", " in one), key=len, reverse=True):
        rest = rest.replace(level, "")
    own = rest != label.text
    parts = {label.text, *rest.split(", "), *rest.split()}
    named = question.get(label.heading.replace(" ", "_"))
    if named is not None and len(named) == 1:
        return bool(named & parts)
    known = [(part, factor) for part in parts for factor in factors.get(part, set()) & question.keys()]
    found = {part: False for part, _ in known}
    for part, factor in known:
        found[part] |= part in question[factor]
    return all(found.values()) if found else own or None


def _words(question: Asked) -> str:
    levels = {factor: " or ".join(sorted(levels)) for factor, levels in question.items() if not factor.startswith(OVER)}
    return ", ".join(f"{factor} {level}" for factor, level in levels.items())


def _text(level: Level) -> str:
    return level if isinstance(level, str) else json.dumps(level)
