"""The sentence of a claim: words, bound values, comparative words from data and declared literals.

    {slow}             the value with its unit          {slow.figure}  without its unit
    {slow.interval}    its interval, [low, high]        {slow.n}       how many runs stand behind it
    {cold~slower than|faster than|not shown to differ from}   the word that the interval of ``cold`` supports:
                       wholly above zero, wholly below, or neither (``cold~1:`` compares with 1 instead)
    {512|setting}      a number that is no measurement, declared as what it is

A digit anywhere else is refused when the claim is declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ..text import placeholders
from ..text.escaping import escape_markdown, literal
from ..text.placeholders import Literal, Words
from ..values.html import number_html, value_html
from ..values.value import Value
from .evaluate import bounds_of

_WORD = re.compile(r"([a-z_][a-z0-9_]*)~(?:(-?\d+(?:\.\d+)?):)?([^|]+)\|([^|]+)\|([^|]+)")
_SHOWN = re.compile(r"([a-z_][a-z0-9_]*)(?:\.(figure|interval|n))?")


@dataclass(frozen=True, slots=True)
class Shown:
    """A bound value; ``part`` is empty, ``figure``, ``interval`` or ``n``."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The word that a value's interval supports: ``above`` the reference, ``below`` it, or ``neither``."""

    name: str
    reference: float
    above: str
    below: str
    neither: str


Piece = Words | Literal | Shown | Chosen


def pieces(sentence: str) -> tuple[Piece, ...]:
    """The parts of ``sentence``. Raises ``UsageError`` for a digit or a placeholder that nothing explains."""
    return tuple(placeholders.parts(sentence, _bound, "a value, a word"))


def _bound(text: str) -> Shown | Chosen | None:
    if found := _SHOWN.fullmatch(text):
        return Shown(found[1], found[2] or "")
    if found := _WORD.fullmatch(text):
        return Chosen(found[1], float(found[2] or 0), found[3], found[4], found[5])
    return None


def names(parts: tuple[Piece, ...]) -> frozenset[str]:
    """The values that a sentence mentions."""
    return frozenset(part.name for part in parts if isinstance(part, Shown | Chosen))


def chosen_word(choice: Chosen, value: Value) -> str:
    """The word that the interval of ``value`` supports; with unknown bounds, ``neither``."""
    bounds = bounds_of(value)
    if bounds.low is None or bounds.high is None:
        return choice.neither
    if bounds.low > choice.reference:
        return choice.above
    return choice.below if bounds.high < choice.reference else choice.neither


def plain_text(parts: tuple[Piece, ...], values: Mapping[str, Value]) -> str:
    """The sentence as plain text: for the feed, the summary and error messages."""
    return "".join(_rendered(part, values, _shown_text, str, lambda text, _: str(text)) for part in parts)


def html(parts: tuple[Piece, ...], values: Mapping[str, Value]) -> Markup:
    """The sentence as HTML for use inside Markdown, every number a value element or a declared literal."""
    return Markup("").join(_rendered(part, values, _shown_html, escape_markdown, literal) for part in parts)


def _rendered(
    part: Piece,
    values: Mapping[str, Value],
    shown: Callable[[Value, str], str],
    plain: Callable[[str], str],
    declared: Callable[[str, str], str],
) -> str:
    if isinstance(part, Words):
        return plain(part.text)
    if isinstance(part, Literal):
        return declared(part.text, part.kind)
    if isinstance(part, Chosen):
        return plain(chosen_word(part, values[part.name]))
    return shown(values[part.name], part.part)


def _shown_text(value: Value, part: str) -> str:
    if part == "interval":
        return f"[{value.low}, {value.high}]"
    return {"": value.text, "figure": value.figure, "n": str(value.n)}[part]


def _shown_html(value: Value, part: str) -> Markup:
    if part == "interval":
        low, high = (number_html(value, text, part=end) for end, text in (("low", value.low), ("high", value.high)))
        return Markup('[<a href="#n-{}">{}, {}</a>]').format(value.row, low, high)
    if part == "n":
        return value_html(value, str(value.n), part="n")
    return value_html(value, value.figure if part == "figure" else None)
