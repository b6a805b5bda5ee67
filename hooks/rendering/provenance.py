"""The table "numbers on this page": what stands behind each value, readable without JavaScript.

What several values are is said once for all of them, in a cell beside their rows. What most rows would say, the
dataset and the method of the interval, the table says for each that says nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from harness.errors import UsageError

from ..text.escaping import escape_markdown
from ..values.html import bounds_html, number_html
from ..values.questions import OfDataset
from ..values.value import Value, by_id, is_prediction

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
MOST_BESIDE = 12
"""How many rows a cell stands beside: it is in sight of each of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One value's row, in HTML fragments that are safe inside Markdown.

    ``what`` stands ``beside`` so many rows, of which this is the first; beside none where it was said before.
    ``dataset`` is empty where it is the page's own, or where the value rests on several.
    """

    id: str
    shown: Markup
    what: Markup
    filters: Markup
    n: Markup
    strength: str
    dataset: str
    method: str
    beside: int = 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """The rows of a page, with the ``dataset`` and the ``method`` of most of them."""

    rows: tuple[Row, ...]
    dataset: str
    method: str


def numbers(shown: Mapping[str, Value], *, several: bool = False) -> Numbers:
    """The table of all values on the page; ``rows`` says of what."""
    found = tuple(rows(shown, several=several))
    methods = (row.method for row in found if row.method)
    return Numbers(found, _most(row.dataset for row in found), _most(methods))


def _most(said: Iterable[str]) -> str:
    """What is said most often, of equals what comes first."""
    return next((text for text, _ in Counter(said).most_common(1)), "")


def rows(shown: Mapping[str, Value], *, several: bool = False) -> list[Row]:
    """A row for each value on the page and for each value that one was computed from, those of one kind together.

    A page over ``several`` datasets has none of its own. Raises ``UsageError`` where two rows would have one address.
    """
    alike: dict[Markup, list[Row]] = {}
    addresses: set[str] = set()
    for value in by_id(shown.values()).values():
        if value.row in addresses:
            raise UsageError(f"the id of {value.id} ends like that of another value on the page; name it otherwise")
        addresses.add(value.row)
        row = _row(value, several=several)
        alike.setdefault(row.what, []).append(row)
    return [row for rows in alike.values() for row in _beside(rows)]


def _beside(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of one kind, a cell beside at most ``MOST_BESIDE`` of them."""
    for place, row in enumerate(rows):
        yield replace(row, beside=0 if place % MOST_BESIDE else min(MOST_BESIDE, len(rows) - place))


def metrics(shown: Mapping[str, Value]) -> dict[str, str]:
    """The definitions that the values on a page rest on, by metric id."""
    found: dict[str, str] = {}
    for value in by_id(shown.values()).values():
        if value.question:
            found |= value.question.definitions(value.definition)
    return dict(sorted(found.items()))


def _row(value: Value, *, several: bool) -> Row:
    return Row(
        value.row,
        _shown(value),
        _what(value),
        Markup(", ").join(value.question.filters() if value.question else ()),
        number_html(value, str(value.n), part="n", placed=True) if value.n is not None else Markup(),
        str(value.strength),
        _dataset(value, several=several),
        value.interval.method if value.interval else "",
    )


def _dataset(value: Value, *, several: bool) -> str:
    asked = [member.question for member in value.lineage() if isinstance(member.question, OfDataset)]
    datasets = {question.dataset for question in asked}
    named = several or any(question.other_recording for question in asked)
    return datasets.pop() if named and len(datasets) == 1 else ""


def _shown(value: Value) -> Markup:
    return Markup(" ").join(filter(None, (number_html(value), bounds_html(value))))


def _what(value: Value) -> Markup:
    caution = value.caution or (value.missing or "").replace("_", " ")
    return _question(value) + (Markup(" ({})").format(escape_markdown(caution)) if caution else Markup())


def _question(value: Value) -> Markup:
    if value.question:
        return Markup(" ").join(value.question.words(value.definition))
    if not value.parents:
        return escape_markdown(value.source or value.definition)
    link = Markup('<a href="#n-{}">{}</a>')
    parents = [link.format(parent.row, number_html(parent)) for parent in value.parents]
    sign = _SIGNS.get(value.operation)
    formula = Markup(" {} ").format(sign).join(parents) if sign else parents[0] + " in another unit"
    if is_prediction(value):
        formula = "from " + Markup(", ").join(parents)
    return Markup("{}: {}").format(escape_markdown(value.definition), formula) if value.definition else formula
