"""What a clause is about: something that is studied, a pronoun for it, or everybody and nothing."""

from __future__ import annotations

from dataclasses import dataclass

from .inflection import IRREGULAR, is_one_of, is_possessive, singular, verb_forms
from .method_words import ACTORS, STUDIED, VERBS, VERBS_OF_QUANTITIES

BE = frozenset(
    {"is", "are", "was", "were", "be", "been", "being", "isn't", "aren't", "wasn't", "weren't", "remain", "remains"}
)
HAVE = frozenset({"has", "have", "had", "hasn't", "haven't"})
DO = frozenset({"do", "does", "did", "don't", "doesn't", "didn't"})
MODAL = frozenset(
    {"can", "could", "may", "might", "will", "would", "shall", "should", "must", "cannot", "can't", "won't"}
)
AUXILIARY = BE | HAVE | DO | MODAL
PREPOSITIONS = frozenset(
    {"of", "in", "on", "at", "for", "with", "from", "to", "by", "under", "over", "per", "between", "within", "without"}
    | {"beside", "behind", "against", "during", "after", "before", "above", "below", "through", "across", "into", "as"}
    | {"than", "like", "beyond", "among", "about", "upon", "via", "until"}
)
RELATIVES = frozenset(
    {"that", "which", "who", "whose", "whom", "where", "when", "whether", "how", "why", "if", "unless", "what"}
)
ASKED = RELATIVES - {"that", "whose", "whom"} | {"until", "because", "once", "as", "whenever", "wherever"}
JOINS = frozenset({"and", "or", "nor", "but", "then", "than", "to"})
DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "its", "their", "our", "your", "any", "each", "every", "all"}
    | {"both", "no", "some", "most", "many", "few", "one", "two", "three", "four", "five", "six", "more", "less"}
    | {"another", "neither", "either", "such"}
)
_OF_ONE = frozenset({"a", "an", "each", "another", "every"})
_NOBODY = frozenset(
    {"nobody", "nothing", "none", "everyone", "everybody", "everything", "anybody", "anything", "whoever", "anyone"}
)
_NO_NOUN_BEFORE = frozenset({"of", "that", "which", "and", "or"})
_NO_GERUND = frozenset({"during", "nothing", "everything", "anything", "something", "according", "regarding", "being"})
_SHORTEST = len("doing")
_MOST_BEFORE = 4
"""So many words stand before the noun of a subject."""
OF_ACTORS = verb_forms(VERBS) | IRREGULAR
OF_QUANTITIES = verb_forms(VERBS_OF_QUANTITIES) | (
    IRREGULAR
    & {"began", "came", "went", "held", "kept", "left", "meant", "read", "said", "saw", "set", "stood", "took"}
)
OF_NONE = frozenset({"applies", "apply", "exists", "exist"})
"""Those of *no cache*."""
OF_NOTHING = frozenset({"speaks", "says", "tells", "compares", "stands", "shows"})


@dataclass(frozen=True, slots=True)
class Subject:
    """Where it ends, whether it is several, the verbs that it may have; ``bare`` where no noun can go on with it."""

    end: int
    plural: bool
    verbs: frozenset[str]
    bare: bool = False


def subject_of(words: list[str], first: int) -> Subject | None:
    """The subject that begins at ``first``; ``None`` where it is nothing that is studied."""
    if first < len(words) and words[first] in PREPOSITIONS - ASKED:
        first = _past_phrases(words, first)
    if first >= len(words) or words[first] in ASKED:
        return None
    if words[first] in ("it", "they"):
        return Subject(first + 1, words[first] == "they", OF_ACTORS, bare=True)
    if words[first] in _NOBODY or words[first : first + 2] == ["no", "one"]:
        return Subject(
            _past_phrases(words, first + 1 + (words[first] == "no")), plural=False, verbs=OF_NOTHING, bare=True
        )
    return _noun(words, first)


def _noun(words: list[str], first: int) -> Subject | None:
    at = _first_studied(words, first)
    if at is None:
        return _gerund(words, first)
    at = _past_studied(words, at)
    head = words[at - 1]
    if words[first] in _OF_ONE and is_several(head):
        return None
    verbs = OF_ACTORS if is_one_of(head, ACTORS) else OF_QUANTITIES
    if words[first] in ("no", "not", "neither"):
        verbs = OF_NONE
    return Subject(_past_phrases(words, at), is_several(head), verbs)


def _gerund(words: list[str], first: int) -> Subject | None:
    """*Waiting*, of which a clause may be about as of a technique."""
    if not words[first].endswith("ing") or len(words[first]) <= _SHORTEST or words[first] in _NO_GERUND:
        return None
    return Subject(_past_phrases(words, first + 1), plural=False, verbs=OF_QUANTITIES)


def _first_studied(words: list[str], first: int) -> int | None:
    """*Reads each prompt* has a verb before it, and is about something else."""
    if (
        words[first] in OF_ACTORS
        and not words[first].endswith("ing")
        and words[first + 1 : first + 2]
        and words[first + 1] in DETERMINERS
    ):
        return None
    for at in range(first, min(first + _MOST_BEFORE + 2, len(words))):
        if is_studied(words[at]):
            return at
        if words[at] in AUXILIARY | RELATIVES | PREPOSITIONS | JOINS:
            return None
    return None


def is_studied(word: str) -> bool:
    """Whether a study is about it."""
    return is_one_of(word, STUDIED) and not is_possessive(word)


def is_several(word: str) -> bool:
    """Whether it is the plural of something that is studied."""
    return word.endswith("s") and not word.endswith("ss") and singular(word) in STUDIED


def _past_studied(words: list[str], first: int) -> int:
    at = first
    while at < len(words) and is_studied(words[at]) and not (at > first and _is_verb(words, at)):
        at += 1
    return at


def _is_verb(words: list[str], at: int) -> bool:
    """Of *the engine waits for*, the verb, which is the plural of a noun elsewhere."""
    if at + 1 == len(words) or words[at] == "times":
        return False
    if is_several(words[at - 1]):
        return words[at] in OF_ACTORS
    after = words[at + 1]
    return is_several(words[at]) and after not in AUXILIARY | _NO_NOUN_BEFORE and after not in OF_ACTORS


def _past_phrases(words: list[str], at: int) -> int:
    """Past *of the second stream* and *with long prompts*."""
    while at < len(words) and words[at] in PREPOSITIONS:
        at += 1
        if at < len(words) and words[at] in RELATIVES:
            return len(words)
        while at < len(words) and words[at] in DETERMINERS:
            at += 1
        near = next((one for one in range(at, min(at + 3, len(words))) if is_studied(words[one])), None)
        at = at + 1 if near is None else _past_studied(words, near)
    return at
