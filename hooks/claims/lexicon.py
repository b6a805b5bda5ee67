"""Words that compare, and which way: whether the number that they speak of is larger or smaller, better or worse.

*Larger* and *smaller* speak of the number itself, *better* and *worse* of what is wanted of it: of a time, *faster*
says that it is smaller. The list decides nothing about what is true. It names the words that must not stand where
nothing tests them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum


class Sense(Enum):
    """What a comparative word says."""

    LARGER = "larger"
    SMALLER = "smaller"
    BETTER = "better"
    WORSE = "worse"


_LARGER = "more longer higher larger greater bigger above over exceeds exceed increases increase increased raises"
_SMALLER = "less shorter lower smaller fewer below under decreases decrease decreased reduces reduce halves"
_BETTER = "faster better sooner earlier quicker cheaper superior helps wins win outperforms outperform beats beat"
_WORSE = "slower worse later costlier inferior hurts loses lose"

SENSES: dict[str, Sense] = {
    word: sense
    for sense, words in (
        (Sense.LARGER, _LARGER),
        (Sense.SMALLER, _SMALLER),
        (Sense.BETTER, _BETTER),
        (Sense.WORSE, _WORSE),
    )
    for word in words.split()
}
_SUPERLATIVES = (
    "fastest slowest best worst soonest earliest latest quickest cheapest highest lowest largest smallest longest "
    "shortest optimal dominates dominate dominated unbeaten unmatched twice thrice double doubles doubled triple "
    "triples tripled tenfold twofold threefold half halved improves improve improved improvement speedup "
    "superiority outclasses"
)
_ENDS = frozenset(
    "fastest slowest soonest latest highest lowest largest smallest longest shortest".split()  # noqa: SIM905 a list of words
)
_NEVER_IN_PROSE = frozenset(_SUPERLATIVES.split()) | frozenset(
    word for word in SENSES if word not in {"more", "less", "above", "over", "below", "under", "later", "earlier"}
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NEUTRAL = re.compile(
    r"\b(?:neither|no|not|nor|as \w+ as|indistinguishable|the same|cannot|undecided)\b", re.IGNORECASE
)


def comparatives(text: str) -> Iterator[tuple[str, Sense]]:
    """The words of a sentence that compare, with what they say; one that is denied says nothing."""
    for found in _WORD.finditer(text):
        sense = SENSES.get(found[0].lower())
        if sense is not None and not _NEUTRAL.search(text[max(0, found.start() - 24) : found.start()]):
            yield found[0], sense


def sense_of(phrase: str) -> Sense | None:
    """What a phrase such as *slower than* says; ``None`` where it says nothing, denies, or contradicts itself."""
    found = {sense for _, sense in comparatives(phrase)}
    return found.pop() if len(found) == 1 else None


def is_neutral(phrase: str) -> bool:
    """Whether a phrase claims no difference."""
    return not list(comparatives(phrase))


def loaded(text: str) -> Iterator[str]:
    """The words of prose that claim a comparison, which only a claim may make."""
    for found in _WORD.finditer(text):
        word = found[0].lower()
        denied = word == "longer" and text[: found.start()].rstrip().lower().endswith("no")
        if not denied and {word, word.rpartition("-")[2]} & _NEVER_IN_PROSE:
            yield found[0]


def titled(text: str) -> Iterator[str]:
    """The same of a title or a header, which may name an end of what it shows: *slowest call*."""
    return (word for word in loaded(text) if word.lower() not in _ENDS)
