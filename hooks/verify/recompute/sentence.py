"""Writes the sentence of a claim again from its template and from what the page states, and judges it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ..reader.values_json import StatedClaim, StatedRanking, StatedValue
from .predicate import Ends, state
from .rounding import MISSING, last_place, rounds

_HOLE = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"([a-z_][a-z0-9_]*)~(?:(-?\d+(?:\.\d+)?):)?([^|]+)\|([^|]+)\|([^|]+)")
_OF_STATE = {"holds": "supported", "does not hold": "contradicted", "inconclusive": "not settled"}
_OPPOSITE = {"supported": "contradicted", "contradicted": "supported"}


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
    "interval": lambda _: r"\[([^,\]]+(?:,\d{3})*(?:\.\d+)?), ([^\]]+)\]",
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


def verdict(sentence: str, predicate: str, values: Mapping[str, StatedValue], ends: Mapping[str, Ends]) -> str:
    """``supported``, ``contradicted`` or ``not settled``: what the values say of the printed sentence.

    A sentence whose word the data choose is asked in both directions: with the compared value as it is, and reflected
    at the amount that the word compares it with.
    """
    found = filter(None, map(_WORD.fullmatch, _HOLE.findall(sentence)))
    words = [(word[1], float(word[2] or 0) * values[word[1]].scale) for word in found]
    states = {state(predicate, turned) for turned in _turned(words, ends)}
    if "holds" in states:
        return "supported"
    return "contradicted" if states == {"does not hold"} else "not settled"


def _turned(words: list[tuple[str, float]], ends: Mapping[str, Ends]) -> Iterator[Mapping[str, Ends]]:
    """The ends with every choice of compared values reflected."""
    if not words:
        yield ends
        return
    (name, reference), *rest = words
    for found in _turned(rest, ends):
        yield found
        one = found[name]
        if one.low is not None and one.high is not None:
            yield {**found, name: Ends(2 * reference - one.high, 2 * reference - one.low, one.n)}


def said_again(published: StatedClaim | StatedRanking, other: str) -> str:
    """What another recording, in which the claim has the state ``other``, says of the published sentence."""
    if other == published.state:
        return published.verdict
    if published.verdict == "not settled":
        return "settled"
    found = _OF_STATE[other]
    return found if _OF_STATE[published.state] == published.verdict else _OPPOSITE.get(found, found)
