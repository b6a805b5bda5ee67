"""Writes the sentence of a claim again from its template and from what the page states."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..reader.values_json import StatedValue
from .predicate import Ends
from .rounding import MISSING, last_place, rounds

_HOLE = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"([a-z_][a-z0-9_]*)~(?:(-?\d+(?:\.\d+)?):)?([^|]+)\|([^|]+)\|([^|]+)")


def pattern(template: str, values: Mapping[str, StatedValue], ends: Mapping[str, Ends]) -> str:
    """A regular expression for the sentence; bounds of intervals are its groups, in order (see ``bounds``)."""
    parts = _HOLE.split(template)
    return "".join(_hole(part, values, ends) if index % 2 else re.escape(part) for index, part in enumerate(parts))


def _hole(text: str, values: Mapping[str, StatedValue], ends: Mapping[str, Ends]) -> str:
    if word := _WORD.fullmatch(text):
        return re.escape(_chosen(word, values[word[1]].scale, ends[word[1]]))
    name, _, part = text.partition(".")
    if name in values and part in _PARTS:
        return _PARTS[part](values[name])
    return re.escape(text.rpartition("|")[0])


_PARTS: dict[str, Callable[[StatedValue], str]] = {
    "": lambda value: re.escape(value.text),
    "figure": lambda value: re.escape(value.figure),
    "n": lambda value: re.escape(str(value.n)),
    "interval": lambda _: r"\[([^,\]]+(?:,\d{3})*), ([^\]]+)\]",
}


def _chosen(word: re.Match[str], scale: float, ends: Ends) -> str:
    reference = float(word[2] or 0) * scale
    if ends.low is None or ends.high is None:
        return word[5]
    if ends.low > reference:
        return word[3]
    return word[4] if ends.high < reference else word[5]


def bounds(template: str, values: Mapping[str, StatedValue]) -> list[tuple[float | None, int]]:
    """The number and last place of every bound that the sentence shows, in order."""
    shown: list[tuple[float | None, int]] = []
    for hole in _HOLE.findall(template):
        name, _, part = hole.partition(".")
        if part == "interval" and name in values:
            interval = values[name].interval
            place = last_place(values[name])
            shown += [(interval and interval.low, place), (interval and interval.high, place)]  # type: ignore[list-item]
    return shown


def says(text: str, template: str, values: Mapping[str, StatedValue], ends: Mapping[str, Ends]) -> bool:
    """Whether ``text`` is the sentence that the template and the values give."""
    found = re.fullmatch(pattern(template, values, ends), text)
    if found is None:
        return False
    expected = bounds(template, values)
    return len(found.groups()) == len(expected) and all(
        rounds(shown, number, place) if number is not None else shown == MISSING
        for shown, (number, place) in zip(found.groups(), expected, strict=True)
    )
