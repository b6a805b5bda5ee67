"""Where the predicate of a clause leaves definition and method.

Each function returns the place of the first word that no definition or method has there, ``None`` where there is none.
"""

from __future__ import annotations

import re

from .clause_subject import (
    AUXILIARY,
    BE,
    DETERMINERS,
    DO,
    HAVE,
    JOINS,
    MODAL,
    OF_ACTORS,
    OF_NONE,
    PREPOSITIONS,
    RELATIVES,
    Subject,
    is_studied,
)
from .inflection import IRREGULAR, is_past, is_possessive, looks_conjugated, singular, verb_forms
from .method_words import KINDS, PARTICIPLES, STATES, VERBS

VALUE = "x"
"""What stands in place of a value."""
_ADVERBS = frozenset(
    {
        "not",
        "never",
        "also",
        "only",
        "still",
        "then",
        "just",
        "hardly",
        "barely",
        "here",
        "there",
        "itself",
        "themselves",
    }
    | {"alone", "too", "even", "now", "all", "both", "once", "always", "often", "soon", "again", "already", "ever"}
    | {"quite", "rather", "so", "well", "either", "each", "together", "simply", "else"}
)
_EMPTY = frozenset(
    {"nothing", "little", "much", "everything", "plenty", "enough", "away", "off", "back", "down", "apart", "along"}
    | {
        "ahead",
        "sense",
        "less",
        "waste",
        "everyone",
        "anyone",
        "nobody",
        "everybody",
        "better",
        "best",
        "worse",
        "well",
    }
    | {"fine", "nicely", "badly", "easy", "hand", "toll", "part", "role", "hit", "lead", "against"}
)
"""What empties a verb: *takes its toll* and *gives away nothing* tell of no method."""
_NO_MATTER = re.compile(
    r"no (?:say|effect|business|use|need|chance|bearing|role|part|trouble|problem|merit|reason|point|equal|rival|peer"
    r"|match|excuse|future|downside|drawback|benefit|advantage|influence|impact|harm|sense|gain|worry|worries|place)\b"
)
_FIGURATIVE = frozenset(
    {"way", "reach", "point", "task", "depth", "ease", "stake", "trouble", "vain", "league", "charge", "control"}
    | {
        "blame",
        "limits",
        "question",
        "use",
        "worth",
        "wall",
        "fire",
        "pressure",
        "own",
        "stone",
        "moment",
        "time's",
        "breath",
        "picture",
    }
)
"""Behind a preposition: *out of its depth*, *beside the point*."""
_LIGHT = verb_forms(
    {"carry", "leave", "keep", "bring", "turn", "spend", "make", "take", "put", "hold", "give", "set", "cross", "lose"}
    | {"draw", "do", "play", "pay", "drop", "raise", "cut"}
) | {"left", "kept", "brought", "spent", "made", "took", "held", "gave", "lost", "drew", "paid"}
"""Verbs that say what their object says."""
_MOVES = verb_forms(["come", "run", "finish", "step", "stay", "go"]) | {"came", "ran", "went"}
_ARTICLES = frozenset({"a", "an", "the", "its", "their", "one", "no", "another"})
_PARTICLES = frozenset({"up", "down", "out", "back", "off"})
_BEHIND_NOUN = PREPOSITIONS | RELATIVES | JOINS | BE | MODAL | HAVE | DETERMINERS | _ADVERBS
_ABLE = frozenset({"can", "could", "will"})
_GO = frozenset({"go", "goes", "went"})
_SAY = frozenset({"say", "says", "said", "tell", "tells", "told"})
_OWN = frozenset({"hold", "holds", "held", "come", "comes", "came"})
_UP = frozenset(
    {"hold", "holds", "held", "give", "gives", "gave", "end", "ends", "add", "adds", "catch", "show", "shows"}
)


def refused(words: list[str], at: int, subject: Subject) -> int | None:
    """Of the predicate that begins at ``at``."""
    verb, rest = words[at], past_adverbs(words, at + 1)
    if verb in BE:
        return _state(words, rest)
    if verb in HAVE:
        return _had(words, rest, subject)
    if verb in DO | MODAL:
        return _helped(words, at, rest, subject)
    if verb in PREPOSITIONS | RELATIVES | JOINS | DETERMINERS or verb[0].isdigit() or verb == VALUE:
        return None
    return _done(words, at, rest, subject)


def past_adverbs(words: list[str], at: int) -> int:
    """The place of the next word that is no adverb."""
    while at < len(words) and (words[at] in _ADVERBS or (words[at].endswith("ly") and words[at] not in OF_ACTORS)):
        at += 1
    return at


def _had(words: list[str], at: int, subject: Subject) -> int | None:
    """Behind *has*: what is owned, or what has been."""
    word = words[at] if at < len(words) else ""
    if _NO_MATTER.match(" ".join(words[at : at + 2])):
        return at + 1
    if word == "been":
        return _state(words, past_adverbs(words, at + 1))
    if is_past(word) and word not in subject.verbs | PARTICIPLES and singular(word) not in KINDS:
        return at
    if word == "to" and subject.verbs <= OF_NONE:
        return at
    return _emptied(words, at)


def _helped(words: list[str], at: int, rest: int, subject: Subject) -> int | None:
    """Behind *can* and *does*: what it is able to do is a result, what it has to do is a rule."""
    if rest >= len(words):
        return at
    word, verb = words[rest], words[at]
    if word == "be":
        return _state(words, past_adverbs(words, rest + 1))
    if verb in DO:
        unknown = word not in subject.verbs and "not" in words[at:rest]
        return rest if word in _EMPTY or unknown else _object(words, rest)
    if word in PREPOSITIONS | RELATIVES or (verb in ("must", "would") and word in OF_ACTORS):
        return None
    return rest if word not in subject.verbs or verb in _ABLE else _emptied(words, rest + 1)


def _done(words: list[str], at: int, rest: int, subject: Subject) -> int | None:
    verb = words[at]
    if verb in subject.verbs or (verb in PARTICIPLES and subject.verbs - {"speaks"} and not subject.bare):
        if verb in _GO and rest < len(words) and words[rest] not in PREPOSITIONS:
            return rest
        if (figurative := _figurative(words, verb, rest)) is not None:
            return figurative
        return None if verb in _SAY and "against" not in words else _emptied(words, rest)
    if subject.bare or subject.plural or looks_conjugated(verb):
        noun = not subject.bare and (singular(verb) in KINDS or verb in STATES or verb.endswith("ing"))
        return None if noun and verb not in VERBS and _names(words, at) else at
    if verb in IRREGULAR:
        return at
    goes_on = at + 1 < len(words) and looks_conjugated(words[at + 1])
    return refused(words, at + 1, subject) if goes_on else None


def _names(words: list[str], at: int) -> bool:
    """Whether a noun that is a verb as well is a noun there: *power supplies included*, not *memory sets the rate*."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return words[at] not in OF_ACTORS or not after or is_past(after) or after in AUXILIARY | PREPOSITIONS | JOINS


def _figurative(words: list[str], verb: str, at: int) -> int | None:
    """What a verb of little meaning does, or where it goes, that no method does: *carries the day*."""
    behind = at
    while behind < len(words) and words[behind] in PREPOSITIONS | _PARTICLES:
        behind += 1
    if verb in _LIGHT or (verb in _MOVES and behind > at):
        return _object(words, behind)
    return None


def _object(words: list[str], at: int) -> int | None:
    """Of what a light verb has as its object, the noun, where no method has such a thing: *carries the day*."""
    while at < len(words) and words[at] in DETERMINERS:
        at += 1
    last = at
    if last >= len(words) or words[last] in _BEHIND_NOUN | _PARTICLES or words[last][0].isdigit():
        return None
    while last + 1 < len(words) and words[last + 1] not in _BEHIND_NOUN | OF_ACTORS:
        last += 1
    return None if any(map(_is_plain, words[at : last + 1])) else last


def _emptied(words: list[str], at: int) -> int | None:
    near, verb = words[at : at + 3], words[at - 1]
    if verb in _OWN and "own" in near:
        return at + near.index("own")
    if verb in _LIGHT | _MOVES and "short" in near[:2]:
        return at
    for place, word in enumerate(near[:2]):
        if word in _EMPTY and (not place or near[place - 1] != "a"):
            return at + place
    return at if verb in _UP and near[:1] == ["up"] else None


def _state(words: list[str], at: int) -> int | None:
    """Behind *is*."""
    if at >= len(words):
        return None
    word, near = words[at], words[at + 1 : at + 3]
    if word == "to":
        return at + 1 if near[:1] == ["be"] else None
    if [word, *near[:1]] == ["no", "longer"]:
        return _state(words, at + 2)
    if word in _ARTICLES:
        return _kind(words, at + 1)
    if word in PREPOSITIONS:
        return next((at + 1 + place for place, one in enumerate(words[at + 1 : at + 4]) if one in _FIGURATIVE), None)
    if "nothing" in near or (word in ("given", "thrown") and near[:1] in (["up"], ["away"])):
        return at + 1
    if near and near[0] in _PARTICLES and words[at + 2 : at + 3] == ["by"]:
        return at + 1
    return None if _is_plain(word) or word[0].isdigit() or word.startswith("non-") else at


def _kind(words: list[str], at: int) -> int | None:
    """Of *a thing of the past*, the thing."""
    ends = PREPOSITIONS | RELATIVES | JOINS | BE | MODAL | HAVE | DETERMINERS | OF_ACTORS
    last = at
    while last + 1 < len(words) and (words[last + 1] not in ends or words[last + 1] in KINDS):
        last += 1
    return None if last >= len(words) or _is_plain(words[last]) else last


def _is_plain(word: str) -> bool:
    known = word in STATES | PARTICIPLES | OF_ACTORS or singular(word) in KINDS
    return known or is_studied(word) or is_possessive(word)
