"""Every row is named after what its values keep: a level in a label is one that the question of each value asks.

A label calls a level by its own text or by the words of its study, and a factor likewise; layers for a GPU are left out
of words where no run had any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..reader.mismatches import Examined
from ..reader.questions_json import Level, StatedContrast, StatedDetectable
from ..reader.site import Site
from ..reader.values_json import StatedValue
from .level_words import called, heading, own_text, without_layers
from .tables import Cell, tables

NO_LEVELS = frozenset(
    {
        "effective",
        "it is tested by",
        "hardware",
        "audit",
        "workload",
        "better than",
        "what the data say",
        "report",
        "finding",
    }
)
"""Headings of what is no level that the values of a row keep: what an engine reported, predicates, machines, and what
other checks read."""
OF_REPORTS = ("compare", "advisor")
"""Pages of the results of many reports, on which another check reads the engine."""
ENGINE = frozenset({"engine"})
OVER = "÷"
"""Between a level and its reference."""
Texts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question keeps or compares, in text: the ``levels`` by factor, those of which it keeps one ``alone``, and
    which level stands over which, by what a label may call the factor."""

    levels: dict[str, Texts] = field(default_factory=dict)
    alone: dict[str, Texts] = field(default_factory=dict)
    over: dict[str, Texts] = field(default_factory=dict)


def check(site: Site) -> Iterator[Examined]:
    """Compares the labels of every row with the questions of its values."""
    for page in site.pages:
        without = NO_LEVELS | ENGINE if page.name.startswith(OF_REPORTS) else NO_LEVELS
        for table in tables(site, page):
            asked = [[_asked(site, cell.value) for cell in row if cell.value is not None] for row in table.rows]
            factors = _factors(one for row in asked for one in row)
            for row, questions in zip(table.rows, asked, strict=True):
                labels = [cell for cell in row if cell.value is None]
                named = [cell for cell in labels if cell.heading.lower() not in without]
                problem = next(_problems(named, [one for one in questions if one.levels], factors), None)
                yield Examined(page.name, problem and f"{table.name}: {problem}")


def _asked(site: Site, value: StatedValue) -> Asked:
    question, found = value.question, Asked()
    digest = getattr(question, "digest", "")
    for name, levels in getattr(question, "where", {}).items():
        found.levels[name] = frozenset(text for level in levels for text in _texts(site, digest, name, level))
        if len(levels) == 1:
            found.alone[name] = found.levels[name]
    if isinstance(question, StatedContrast | StatedDetectable):
        name = question.factor
        level, reference = (_texts(site, digest, name, side) for side in (question.level, question.reference))
        found.levels[name] = frozenset((*level, *reference))
        found.alone.pop(name, None)
        sides = frozenset(f"{one} {OVER} {other}" for one, other in zip(level, reference, strict=True))
        found.over.update(dict.fromkeys((name, heading(site, digest, name)), sides))
    return found


def _texts(site: Site, digest: str, name: str, level: Level) -> tuple[str, ...]:
    return own_text(level), called(site, digest, name, level), without_layers(site, digest, name, level)


def _factors(questions: Iterator[Asked]) -> dict[str, set[str]]:
    """The factors that have a level, by its text, among all questions of a table."""
    found: dict[str, set[str]] = {}
    for question in questions:
        for factor, levels in question.levels.items():
            for level in levels:
                found.setdefault(level, set()).add(factor)
    return found


def _problems(labels: Sequence[Cell], questions: Sequence[Asked], factors: Mapping[str, set[str]]) -> Iterator[str]:
    """Labels of which no value of the row is. A row may set one level against another, so one value is enough."""
    for label in labels:
        judged = [right for question in questions if (right := _fits(label, question, factors)) is not None]
        if judged and not any(judged):
            yield f"a row is named “{label.text}”, its values are of {'; '.join(map(_words, questions[:2]))}"


def _fits(label: Cell, question: Asked, factors: Mapping[str, set[str]]) -> bool | None:
    """Whether a label names a level that a question asks; null where it names no level of the question's factors."""
    if f" {OVER} " in label.text:
        near = {name: sides for name, sides in question.over.items() if label.text.startswith(f"{name} ")}
        return any(label.text == f"{name} {side}" for name in near for side in near[name]) if near else None
    parts = _parts(label.text, factors)
    named = question.alone.get(label.heading.replace(" ", "_"))
    if named is not None:
        return bool(named & parts)
    known = [(part, factor) for part in parts for factor in factors.get(part, set()) & question.levels.keys()]
    found = {part: False for part, _ in known}
    for part, factor in known:
        found[part] |= part in question.levels[factor]
    return all(found.values()) if found else None


def _parts(label: str, levels: Mapping[str, object]) -> set[str]:
    """The label, the levels of several words in it, the longest first, and the words and parts of the rest."""
    rest, found = label, {label}
    for level in sorted((one for one in levels if " " in one), key=len, reverse=True):
        if level in rest:
            found.add(level)
            rest = rest.replace(level, "\n")
    return found | {*rest.split(", "), *rest.split()}


def _words(question: Asked) -> str:
    return ", ".join(f"{factor} {' or '.join(sorted(levels))}" for factor, levels in question.levels.items())
