"""Words that compare, and which way: whether the number that they speak of is larger or smaller, better or worse.

*Larger* and *smaller* speak of the number itself, *better* and *worse* of what is wanted of it: of a time, *faster*
says that it is smaller. The list decides nothing about what is true. It names the words that must not stand where
nothing tests them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from .advice import advice
from .amounts import amounts, measured_amounts
from .assertions import assertions
from .contenders import contenders
from .tendencies import tendencies


class Sense(Enum):
    """What a comparative word says."""

    LARGER = "larger"
    SMALLER = "smaller"
    BETTER = "better"
    WORSE = "worse"


_LARGER = (
    "more longer higher larger greater bigger above over exceeds exceed exceeded exceeding increases increase "
    "increased increasing raises raise raised raising"
)
_SMALLER = (
    "less shorter lower smaller fewer below under decreases decrease decreased decreasing reduces reduce reduced "
    "reducing halves"
)
_BETTER = (
    "faster better sooner earlier quicker cheaper superior helps wins win won winning winner outperforms outperform "
    "outperformed outperforming beats beat beaten beating outpaces outpace outpaced outpacing surpasses surpass "
    "surpassed surpassing outruns outclasses outdoes rivals trumps crushes"
)
_WORSE = "slower worse later costlier inferior hurts loses lose losing loser trails worsens worsened worsening"

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
_UNMEASURED = (
    "fastest slowest best worst soonest earliest latest quickest cheapest highest lowest largest smallest longest "
    "shortest optimal dominates dominate dominated dominating dominant unbeaten unbeatable unmatched unrivalled "
    "unparalleled superiority twice thrice double doubles doubled doubling triple triples tripled tripling quadruple "
    "quadruples quadrupled half halved halving improves improve improved improving improvement improvements speedup "
    "speedups speeds accelerates accelerated slows negligible negligibly insignificant significantly "
    "substantially dramatically drastically vastly massively considerably markedly noticeably marginally linear "
    "linearly superlinear superlinearly sublinear sublinearly quadratic quadratically exponential exponentially "
    "proportionally perfectly instantly instantaneous efficient efficiently inefficient preferable ideal undoubtedly "
    "obviously"
)
"""Words that claim a comparison, of an amount or against all others, which no direction of a number can test."""

_ENDS = frozenset(
    "fastest slowest soonest latest highest lowest largest smallest longest shortest".split()  # noqa: SIM905 a list of words
)
_NEVER_IN_PROSE = frozenset(_UNMEASURED.split()) | frozenset(
    word for word in SENSES if word not in {"more", "less", "above", "over", "below", "under", "later", "earlier"}
)
_STATED = re.compile(
    r"\b(?:wins?|won|beats?|beaten|loses?|outperforms?|outperformed|outpaces?|dominates?|improves?|improved|doubles"
    r"|halves|(?<!lower )(?<!higher )(?:is|are|was|were|runs?) (?:\w+ )?\w+er|\w+er than|(?:twice|times) (?:as"
    r"|the) (?!often)\w+"
    r"|times \w+er)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DENIAL = re.compile(
    r"\b(?:neither|not|nor|no|as \w+ as|indistinguishable|the same|cannot|undecided)\b"
    r"(?! (?:only|just|merely|doubt|question|wonder))",
    re.IGNORECASE,
)
_DENIED_WITHIN = 24
_PHRASES = re.compile(
    r"\b(?:"
    r"as (?:fast|slow|quick|quickly|slowly|cheap|cheaply|expensive)(?: as)?"
    r"|same (?:speed|rate|latency|throughput|cost|price)|on (?:a )?par|second to none|neck and neck"
    r"|(?:far|much|vastly|way) (?:more|less|greater|beyond)"
    r"|(?:more|less|most|least) (?:expensive|costly|economical|accurate|precise|reliable|stable|responsive|scalable)"
    r"|(?:more|less) \w+(?:ful|ive|able|ible|ent|ant|ous|ly) than"
    r"|(?!(?:oth|rath|lat|earli|long|aft|und|ov|provid|numb|work)er than)\w+er than"
    r"|the (?P<end>(?!(?:r|t|lat|near|new|old|likeli|requ|inter|manif|dig|gu|qu|cont|hon|outermo|clos)est)\w{2,}est)"
    r"|leads(?! to\b)|for free|at no cost|costs nothing|(?:no|zero|without) (?:overhead|penalty)|free lunch"
    r"|(?:speed|speeding|slow|slowing)s? (?:up|down)"
    r")\b".replace(" ", r"\s+"),
    re.IGNORECASE,
)


def comparatives(text: str) -> Iterator[tuple[str, Sense]]:
    """The words of a sentence that compare, with what they say; one that is denied says nothing."""
    return ((word, sense) for word, sense, denied in _compared(text) if not denied)


def denials(text: str) -> Iterator[tuple[str, Sense]]:
    """The words that compare and are denied, as in *no slower*: the number does not lie that way."""
    return ((word, sense) for word, sense, denied in _compared(text) if denied)


def _compared(text: str) -> Iterator[tuple[str, Sense, bool]]:
    """A word that *or* joins to a denied one is denied with it, as in *not shown to take more or less*."""
    end = None
    for found in _WORD.finditer(text):
        sense = SENSES.get(found[0].lower())
        if sense is not None:
            before = text[max(0, found.start() - _DENIED_WITHIN) : found.start()]
            joined = end is not None and text[end : found.start()] == " or "
            denied = joined or _DENIAL.search(before) is not None
            end = found.end() if denied else None
            yield found[0], sense, denied


def sense_of(phrase: str) -> Sense | None:
    """What a phrase such as *slower than* says; ``None`` where it says nothing, denies, or contradicts itself."""
    found = {sense for _, sense in comparatives(phrase)}
    return found.pop() if len(found) == 1 else None


def is_neutral(phrase: str) -> bool:
    """Whether a phrase claims no difference."""
    return not list(comparatives(phrase))


def loaded(text: str) -> Iterator[str]:
    """The words of prose that claim a comparison or state an amount, which only a claim may do, in their order."""
    return (said for _, said in loaded_at(text))


def loaded_at(text: str) -> Iterator[tuple[int, str]]:
    """The same, with their places in ``text``."""
    phrases = ((found.start(part), found[part]) for found in _PHRASES.finditer(text) for part in [found.lastgroup or 0])
    end = 0
    sentences = (*assertions(text), *tendencies(text), *advice(text), *contenders(text))
    for start, said in sorted({*_loaded_words(text), *phrases, *amounts(text), *sentences}):
        if start >= end:
            yield start, said
        end = max(end, start + len(said))


def stated(text: str) -> Iterator[str]:
    """What no few words may say, whatever reason is given: who wins, what is so, how long it takes."""
    yield from (found[0] for found in _STATED.finditer(text))
    yield from (said for _, said in (*assertions(text), *measured_amounts(text)))


def unmeasured(text: str) -> Iterator[str]:
    """Those that say more than a direction, so that no comparison of two numbers tests them."""
    return (word for word in loaded(text) if word.lower() not in SENSES)


def _loaded_words(text: str) -> Iterator[tuple[int, str]]:
    for found in _WORD.finditer(text):
        word = found[0].lower()
        denied = word == "longer" and text[: found.start()].rstrip().lower().endswith("no")
        if not denied and {word, word.rpartition("-")[2]} & _NEVER_IN_PROSE:
            yield found.start(), found[0]


def titled(text: str) -> Iterator[str]:
    """The same of a title or a header, which may name an end of what it shows: *slowest call*, and a condition: *were
    they as fast*."""
    return (word for word in loaded(text) if not is_end(word) and not word.lower().startswith("as "))


def is_end(word: str) -> bool:
    """Whether a word names an end of what stands there, as *slowest* of calls."""
    return word.lower() in _ENDS
