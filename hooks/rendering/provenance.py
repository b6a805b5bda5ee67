"""The table "numbers on this page": what stands behind each value, readable without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ..text.escaping import escape_markdown
from ..values.html import bounds_html, number_html
from ..values.questions import OfDataset
from ..values.value import Value, by_id

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


@dataclass(frozen=True, slots=True)
class Row:
    """One value's row, in HTML fragments that are safe inside Markdown.

    ``dataset`` is empty where it is the page's own, or where the value rests on several.
    """

    id: str
    shown: Markup
    question: Markup
    filters: Markup
    n: Markup
    strength: str
    dataset: str
    method: str
    caution: str


def rows(shown: Mapping[str, Value], *, several: bool = False) -> list[Row]:
    """A row for each value on the page and for each value that one was computed from.

    A page over ``several`` datasets has none of its own.
    """
    return [_row(value, several=several) for value in by_id(shown.values()).values()]


def metrics(shown: Mapping[str, Value]) -> dict[str, str]:
    """The definitions that the values on a page rest on, by metric id."""
    found: dict[str, str] = {}
    for value in by_id(shown.values()).values():
        if value.question:
            found |= value.question.definitions(value.definition)
    return dict(sorted(found.items()))


def _row(value: Value, *, several: bool) -> Row:
    return Row(
        value.id,
        _shown(value),
        _question(value),
        Markup(", ").join(value.question.filters() if value.question else ()),
        number_html(value, str(value.n), part="n") if value.n is not None else Markup(),
        str(value.strength),
        _dataset(value, several=several),
        value.interval.method if value.interval else "",
        value.caution or (value.missing or "").replace("_", " "),
    )


def _dataset(value: Value, *, several: bool) -> str:
    asked = [member.question for member in value.lineage() if isinstance(member.question, OfDataset)]
    datasets = {question.dataset for question in asked}
    named = several or any(question.other_recording for question in asked)
    return datasets.pop() if named and len(datasets) == 1 else ""


def _shown(value: Value) -> Markup:
    return Markup(" ").join(filter(None, (number_html(value), bounds_html(value))))


def _question(value: Value) -> Markup:
    if value.question:
        return Markup(" ").join(value.question.words(value.definition))
    if not value.parents:
        return escape_markdown(value.source or value.definition)
    link = Markup('<a href="#n-{}">{}</a>')
    parents = [link.format(parent.id, number_html(parent)) for parent in value.parents]
    sign = _SIGNS.get(value.operation)
    formula = Markup(" {} ").format(sign).join(parents) if sign else parents[0] + " in another unit"
    return Markup("{}: {}").format(escape_markdown(value.definition), formula) if value.definition else formula
