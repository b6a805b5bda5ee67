"""A value as HTML: its number, the bounds of its interval, and the link to its row in the table of numbers."""

from __future__ import annotations

from ..text.escaping import escape_html, escape_markdown
from .value import Value


def value_html(value: Value, text: str | None = None, *, anchor: str = "", part: str = "", bounds: bool = False) -> str:
    """A value, with the ``bounds`` of its interval, inside a link to its row in the page's table of numbers."""
    shown = number_html(value, text, anchor=anchor, part=part)
    if bounds and value.interval:
        shown += f' <span class="bi">{bounds_html(value)}</span>'
    return f'<a class="bv-link" href="#n-{value.id}">{shown}</a>'


def number_html(value: Value, text: str | None = None, *, anchor: str = "", part: str = "", named: bool = False) -> str:
    """A value as a ``<data>`` element.

    ``part`` is ``low``, ``high`` or ``n`` where not the number itself is shown. A missing value shows ``—`` with the
    reason as its title. The link or the row of the table of numbers that it stands in says which value it is; where
    it stands in neither, it must be ``named``.
    """
    shown = escape_html(value.text if text is None else text)
    full = _full_precision(value, part)
    attributes = ['class="bv-none"'] if full is None else []
    attributes += [f'id="{anchor}"'] if anchor else []
    attributes += [f'value="{full}"'] if full is not None else [f'title="{escape_markdown(_reason(value))}"']
    attributes += ([f'data-v="{value.id}"'] if named else []) + ([f'data-part="{part}"'] if part else [])
    return f"<data {' '.join(attributes)}>{shown}</data>"


def bounds_html(value: Value) -> str:
    """The ends of a value's interval in brackets, for beside its number; empty without an interval."""
    if value.interval is None:
        return ""
    low, high = (number_html(value, text, part=part) for part, text in (("low", value.low), ("high", value.high)))
    return f"({low}–{high})"


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
