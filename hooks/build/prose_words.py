"""Holds the prose of a report to its claims: a word that compares stands in a claim, or says why it needs none.

Read in the source, line by line. What a claim, a chart or a table writes is tested elsewhere, and a question claims
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.errors import UsageError

from ..claims.lexicon import loaded_at
from ..editions.prose import Prose
from ..project import PACKAGE
from ..text.as_read import as_read, disguised
from ..text.escaping import LiteralKind, refuse_measurement

_EXEMPT = re.compile(
    r"""\b(?:word|claim|show|chart|said|has|in_all_recordings)\((?:[^()"']|"[^"]*"|'[^']*')*\)"""
    r"""|\{\{\s*v\.\w+[^{}]*\}\}\s+as\s\w+(?:\sas\b)?|\bstartswith\([^()]*\)|\bv\.\w+|`(?![A-Za-z ]+`)[^`\n]*`"""
)
"""Names, what claims and tables write, *as fast* after the value that says how much, and code that is no plain word."""
_UNSEEN = re.compile(r"\{#.*?#\}|(?<=\w)\{%.*?%\}(?=\w)", re.DOTALL)
"""Comments, and tags within a word."""
_LITERAL = re.compile(r"""\blit\(\s*(["'])(?P<text>.*?)\1\s*,\s*(["'])(?P<kind>\w+)\3""")
_SHOWN = re.compile(r"""\{\{\s*lit\((["'])(?P<text>.*?)\1[^{}]*\}\}""")
_REST = re.compile(r"\s*\)\s*\}\}(.*)")
"""What stands on the line after the expression that a literal ends."""

_QUESTION = re.compile(r"[^.!?:\n-][^.!?\n]*\?")
_ASKS = re.compile(
    r"(?:question:)?[\s*_\"({}]*(?:(?:after|at|by|for|from|in|of|on|to|under|with) )?"
    r"(?:which|what|how|when|where|who|whose|does|do|did|is|are|was|were|can|could|will|would|should|has|have|had|must|may)"
    r"\b(?! (?:it |this |that )?(?:not|any wonder))",
    re.IGNORECASE,
)
"""A question asks; *it is faster, is it not?* states."""
_ANSWER = re.compile(r"(?:^|(?<=[.!?:;] ))[ *_>-]*(yes|indeed|certainly|of course)\b", re.IGNORECASE | re.MULTILINE)


class UntestedWord(UsageError):
    """Prose says that something compares, and nothing tests it."""


def demand_tested_words(prose: Prose, root: Path) -> None:
    """Raises ``UntestedWord`` with one line for each word, by file and line."""
    found = [
        f"{place_of(prose, root)}:{number}: “{word}” claims more than text may; state it as a claim, say it without"
        f' comparing or measuring, or declare why it needs no claim: word("{word}", "…")'
        for number, word in _words(prose)
    ]
    if found:
        raise UntestedWord("\n".join(found))


def demand_literals(prose: Prose, root: Path) -> None:
    """Raises ``UsageError`` with the line of a literal that only a measurement could state."""
    for number, line in enumerate(prose.path.read_text(encoding="utf-8").splitlines(), 1):
        for found in _LITERAL.finditer(line):
            rest = _REST.match(line, found.end())
            after = rest[1].replace("{{", "_") if rest else ""
            try:
                refuse_measurement(found["text"], LiteralKind(found["kind"]), after)
            except (UsageError, ValueError) as error:
                raise UsageError(f"{place_of(prose, root)}:{number}: {error}") from None


def place_of(prose: Prose, root: Path) -> str:
    """The file of a report's prose, as an author knows it."""
    home = root if prose.path.is_relative_to(root) else PACKAGE.parent
    return prose.path.relative_to(home).as_posix() if prose.path.is_relative_to(home) else prose.path.name


def _words(prose: Prose) -> Iterator[tuple[int, str]]:
    """Each word with its line: those of the file, then those of the front matter that only its YAML spells out."""
    text = _SHOWN.sub(r"\g<text>", _EXEMPT.sub(_blank, prose.path.read_text(encoding="utf-8")))
    found = [(line, word) for line, word in _told(as_read(_UNSEEN.sub(_lines, text)))]
    yield from found
    front = prose.front
    fields: dict[str, Sequence[str]] = {
        "title": [front.title],
        "description": [front.description],
        "question": [front.question],
        "changelog": [change.text for change in front.changelog],
        "errata": [change.text for change in front.errata],
    }
    known = {word for _, word in found}
    for name, texts in fields.items():
        spelled = (word for said in texts for _, word in _told(as_read(said)))
        yield from ((prose.lines.get(name, 1), word) for word in spelled if word not in known)


def _told(text: str) -> Iterator[tuple[int, str]]:
    """Each word that claims, hides its letters, or answers a question, with its line."""
    stated = _QUESTION.sub(lambda found: _blank(found) if _ASKS.match(found[0]) else found[0], text)
    answers = ((found.start(1), found[1]) for found in _ANSWER.finditer(stated))
    for place, word in sorted({*loaded_at(stated), *disguised(stated), *answers}):
        yield 1 + stated.count("\n", 0, place), " ".join(word.split())


def _lines(found: re.Match[str]) -> str:
    """Nothing, on as many lines, so that places stay."""
    return "\n" * found[0].count("\n")


def _blank(found: re.Match[str]) -> str:
    return " " + _lines(found)
