"""Forms of English words, as far as telling a noun from a verb needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_POSSESSIVE = ("'s", "’s", "s'", "s’")
_PAST = {"won", "beat", "grew", "rose", "stole", "struck", "shrank", "sank", "hung", "stuck", "fought", "caught"}
IRREGULAR = frozenset(
    {"began", "begun", "became", "came", "went", "gave", "got", "held", "kept", "knew", "left", "let", "made", "meant"}
    | {"met", "paid", "read", "ran", "said", "saw", "sent", "set", "showed", "shown", "spent", "stood", "took", "told"}
    | {"thought", "wrote", "written", "drew", "chose", "built", "brought", "drove", "fell"}
)
"""Past forms of verbs that methods are told with."""


def singular(word: str) -> str:
    """A noun without the ending of several, and without its possessor's sign."""
    word = re.sub(r"['’]s?$", "", word)
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def is_one_of(word: str, known: frozenset[str]) -> bool:
    """Whether a noun, its singular, or the last part of its compound is known."""
    return word in known or singular(word) in known or singular(word.rpartition("-")[2]) in known


def is_possessive(word: str) -> bool:
    """Whether a noun says whose something is."""
    return word.endswith(_POSSESSIVE)


def is_past(word: str) -> bool:
    """Whether a verb looks like one of the past."""
    return word in _PAST or word.endswith("ed")


def looks_conjugated(word: str) -> bool:
    """Whether a word may be a verb of one subject, or of the past."""
    return is_past(word) or (word.endswith("s") and not word.endswith(("ss", *_POSSESSIVE)))


def verb_forms(verbs: Iterable[str]) -> frozenset[str]:
    """Every regular form of verbs in the infinitive."""
    return frozenset(form for verb in verbs for form in _forms(verb))


def _forms(verb: str) -> Iterator[str]:
    consonant_y = verb.endswith("y") and verb[-2] not in "aeou"
    stem = verb[:-1] if verb.endswith("e") else verb
    sibilant = verb.endswith(("s", "x", "z", "ch", "sh", "o"))
    yield from (verb, f"{verb[:-1]}ies" if consonant_y else f"{verb}{'es' if sibilant else 's'}")
    yield from (f"{verb[:-1]}ied" if consonant_y else f"{stem}ed", f"{verb}{verb[-1]}ed")
    yield from (f"{stem}ing", f"{verb}{verb[-1]}ing")
