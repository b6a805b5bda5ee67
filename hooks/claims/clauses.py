"""Clauses about what is studied that say something else than a definition or a method says.

*Threads are wasted here*, *padding backfires*, *it scales*, *nobody needs a second model* and *the cache carries the
day* have no word that compares. What they have in common is their subject, an engine, a model, a resource or a
quantity of the study, or a pronoun for one, and a predicate that no measurement is described with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .clause_predicate import past_adverbs, refused
from .clause_subject import subject_of

_ENDS = re.compile(
    r"(?:[.!?](?=[\s\"'”)]|$)|[;:|()\[\]\"“”–—,]|\n\s*\n|\n(?=\s*[-*#|>!=+])|\n(?=\s*\w+:(?:\s|$))|^\s*---"
    r"|\b(?:but|whereas|although|though|so that|so|since|yet|and then|and so|and)\b)",
    re.MULTILINE,
)
"""Where a clause ends: a sign, a new paragraph, row, item or field, and a word that joins clauses."""
_WORD = re.compile(r"[^\W_][\w.+/'-]*[^\W_]|[^\W_]")
_ASIDE = re.compile(r",\s+(?:\w+ly|of course|indeed|too|again|however|in turn|by contrast|on the other hand)\s*,")
_GOES_ON = frozenset({",", "and"})
_OF_QUESTIONS = frozenset({"whether", "how", "what"})
"""What they open goes on behind a comma."""
_BEFORE_SUBJECT = frozenset(
    {"and", "or", "also", "only", "still", "then", "just", "here", "there", "now", "once", "often", "so"}
)


def clauses(text: str) -> Iterator[tuple[int, str]]:
    """The words of each such clause, subject and predicate, with their place in ``text``."""
    text = _ASIDE.sub(lambda found: " " * len(found[0]), text.replace("’", "'"))
    start, asked = 0, False
    for end, following in (*((found.start(), found.end()) for found in _ENDS.finditer(text)), (len(text), len(text))):
        found = list(_WORD.finditer(text, start, end))
        words = [one[0].lower() for one in found]
        said = None if asked else _said(words, heading=text[start:end].lstrip().startswith("#"))
        if said is not None:
            yield found[said[0]].start(), text[found[said[0]].start() : found[said[1]].end()]
        asked = text[end:following] in _GOES_ON and (asked or bool(_OF_QUESTIONS & set(words)))
        start = following


def _said(words: list[str], *, heading: bool) -> tuple[int, int] | None:
    """The first and the last word of what is refused. In a heading, a relative clause is a predicate."""
    first = 0
    while first < len(words) and words[first] in _BEFORE_SUBJECT:
        first += 1
    subject = subject_of(words, first)
    if subject is None:
        return None
    at = past_adverbs(words, subject.end)
    if heading and at < len(words) and words[at] in ("that", "which", "who"):
        at = past_adverbs(words, at + 1)
    last = refused(words, at, subject) if at < len(words) else None
    return None if last is None else (first, min(last, len(words) - 1))
