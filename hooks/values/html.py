"""A value as HTML: its number, the bounds of its interval, and the link to its row in the table of numbers."""

from __future__ import annotations

from markupsafe import Markup

from ..text.escaping import escape_html, escape_markdown
from .value import Value


def value_html(value: Value, text: str | None = None, *, part: str = "", bounds: bool = False) -> Markup:
    """A value, with the ``bounds`` of its interval, inside a link to its row in the table of numbers."""
    shown = number_html(value, text, part=part)
    if bounds and value.interval:
        shown += Markup(' <span class="bi">{}</span>').format(bounds_html(value))
    return Markup('<a href="#n-{}">{}</a>').format(value.row, shown)


def number_html(
    value: Value, text: str | None = None, *, part: str = "", named: bool = False, placed: bool = False
) -> Markup:
    """A value as a ``<data>`` element.

    ``part`` is ``low``, ``high`` or ``n`` where not the number itself is shown; where it is ``placed``, its place says
    so: after the number in the same link or cell, or in a column of parts. A missing value shows ``—`` with the
    reason as its title. The link or the row of the table of numbers that it stands in says which value it is; where
    it stands in neither, it must be ``named``.
    """
    full = _full_precision(value, part)
    attributes = {
        "value": full,
        "title": escape_markdown(_reason(value)) if full is None else None,
        "data-v": value.id if named else None,
        "data-part": None if placed else part or None,
    }
    stated = (Markup('{}="{}"').format(name, said) for name, said in attributes.items() if said is not None)
    shown = escape_html(value.text if text is None else text)
    return Markup("<data {}>{}</data>").format(Markup(" ").join(stated), shown)


def bounds_html(value: Value) -> Markup:
    """The ends of a value's interval in brackets, to stand after its number in the same link or cell; empty without an
    interval."""
    if value.interval is None:
        return Markup("")
    ends = ("low", value.low), ("high", value.high)
    low, high = (number_html(value, text, part=part, placed=True) for part, text in ends)
    return Markup("({}–{})").format(low, high)


def _full_precision(value: Value, part: str) -> str | None:
    interval = value.interval
    numbers: dict[str, float | None] = {
        "": value.number,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "n": value.n,
    }
    number = numbers[part]
    return None if number is None else repr(number)


def _reason(value: Value) -> str:
    return (value.missing or "no interval").replace("_", " ")
