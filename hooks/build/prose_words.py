"""Holds the prose of a report to its claims: a word that compares stands in a claim, or says why it needs none.

Read in the source, line by line. What a claim, a chart or a table writes is tested elsewhere, and a question claims
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.errors import UsageError

from ..claims.assertions import signs
from ..claims.clauses import clauses
from ..claims.forms import forms, rhetorical
from ..claims.lexicon import loaded_at
from ..claims.plain_results import plain_results
from ..editions.prose import Prose
from ..project import PACKAGE
from ..text.as_read import as_read, disguised
from ..text.escaping import LiteralKind, refuse_measurement

_EXEMPT = re.compile(
    r"""\b(?:word|claim|show|chart|said|has|in_all_recordings)\((?:[^()"']|"[^"]*"|'[^']*')*\)"""
    r"""|\{\{\s*v\.\w+[^{}]*\}\}\s+as\s\w+(?:\sas\b)?|\bstartswith\([^()]*\)|\bv\.\w+|(?<!\w)`[^`\s]*[_./=(:$][^`\s]*`(?!\w)"""
)
"""Names, what claims and tables write, *as fast* after the value that says how much, and a name in code."""
_UNSEEN = re.compile(r"\{#.*?#\}|(?<=\w)\{%.*?%\}(?=\w)", re.DOTALL)
"""Comments, and tags within a word."""
_LITERAL = re.compile(
    r"""\blit\(\s*(?:text\s*=\s*)?(["'])(?P<text>.*?)\1\s*,\s*(?:kind\s*=\s*)?(["'])(?P<kind>\w+)\3"""
)
_SHOWN = re.compile(r"""\{\{\s*lit\((["'])(?P<text>.*?)\1[^{}]*\}\}""")
_REST = re.compile(r"\s*\)\s*\}\}([^\n]*\n?[^\n]*)")
"""What stands on its line, and on the next, after the expression that a literal ends."""
_TIMED = re.compile(
    r"[*_`\s]*(?:ms|[µμ]s|(?:milli|micro)?seconds?|s\b|per ?cent|%\s+(?:faster|slower|of the)|[kmgt]i?b/s)",
    re.IGNORECASE,
)
"""Units that prose has only of what was measured, or of a threshold."""

_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_LEADS_TO_CLAIM = re.compile(r"\*\*[^*\n]+\*\*(?=\s*\{\{\s*(?:claim|said)\()")
"""The heading of a claim, which names it in few words."""
_VALUE = re.compile(r"\{\{.*?\}\}|(?<!\{)\{[^{}%\n]*\}(?!\})", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_QUESTION = re.compile(r"[^.!?:\n-][^.!?\n]*\?")
_ASKS = re.compile(
    r"(?:question:)?[\s*_\"({}]*(?:(?:after|at|by|for|from|in|of|on|to|under|with) )?"
    r"(?:which|what|how|when|where|who|whose|does|do|did|is|are|was|were|can|could|will|would|should|has|have|had|must|may)"
    r"\b(?! (?:it |this |that )?(?:not|any wonder))",
    re.IGNORECASE,
)
"""A question asks; *it is faster, is it not?* states."""
_PRESUMES = re.compile(
    r"\b(?:why|what makes|how (?:come|could|can)|how much \w+er|did you know|really|only|when did"
    r"|(?:who|what|could|can|is|are|has|would) (?:there |else )*(?:any|would|could|ever|doubt)\w*"
    r"|how (?:did|does) \w+ (?:become|get|manage))\b",
    re.IGNORECASE,
)
"""One that takes its answer for granted, or expects none."""
_ANSWER = re.compile(
    r"(?:^|(?<=[.!?:;] ))[ *_>-]*(yes|indeed|certainly|of course|clearly|surely|sure|absolutely|definitely|obviously)\b"
    r"|(?<=\w\?)[ \t]*\n?[ \t*_]*((?:[A-Za-z][\w.-]*\s){0,2}?[A-Za-z][\w-]*)[*_]*[.!](?=\s|$)",
    re.IGNORECASE | re.MULTILINE,
)
"""A word that answers, and a fragment of a sentence behind a question."""


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
    text = prose.path.read_text(encoding="utf-8")
    for found in _LITERAL.finditer(text):
        rest = _REST.match(text, found.end())
        after = as_read(rest[1]).replace("{{", "_").replace("`", "") if rest else ""
        try:
            refuse_measurement(found["text"], LiteralKind(found["kind"]), after)
            if found["kind"] != LiteralKind.THRESHOLD and (unit := _TIMED.match(after)):
                raise UsageError(
                    f"{found['text']!r} is declared a {found['kind']} and measured in {unit[0].strip()!r}; bind a value"
                )
        except (UsageError, ValueError) as error:
            line = 1 + text.count("\n", 0, found.start())
            raise UsageError(f"{place_of(prose, root)}:{line}: {error}") from None


def place_of(prose: Prose, root: Path) -> str:
    """The file of a report's prose, as an author knows it."""
    home = root if prose.path.is_relative_to(root) else PACKAGE.parent
    return prose.path.relative_to(home).as_posix() if prose.path.is_relative_to(home) else prose.path.name


def _words(prose: Prose) -> Iterator[tuple[int, str]]:
    """Each word with its line: those of the file, then those of the front matter that only its YAML spells out."""
    source = prose.path.read_text(encoding="utf-8")
    words = list(told(_prepared(source)))
    results = results_in(_prepared(_LEADS_TO_CLAIM.sub(_blank, source)))
    others = [(line, said) for line, said in results if not any(word in said for _, word in words)]
    found = sorted([*words, *others], key=lambda one: one[0])
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
        spelled = (word for said in texts for _, word in (*told(as_read(said)), *results_in(as_read(said))))
        yield from ((prose.lines.get(name, 1), word) for word in spelled if word not in known)


def _prepared(source: str) -> str:
    """What a reader sees of an author's text, without what claims and tables write."""
    return as_read(_UNSEEN.sub(_lines, _SHOWN.sub(r"\g<text>", _EXEMPT.sub(_blank, source))))


def results_in(text: str) -> Iterator[tuple[int, str]]:
    """The words of each clause that says something else than a definition or a method, with its line."""
    stated = _QUESTION.sub(lambda found: _asked(found) if _asks(found[0]) else found[0], text)
    plain = _VALUE.sub(lambda tag: _padded("X", tag), _STATEMENT.sub(lambda tag: _padded(".", tag), stated))
    for place, words in sorted({*clauses(plain), *forms(plain), *plain_results(plain), *rhetorical(text)}):
        yield 1 + text.count("\n", 0, place), " ".join(words.split())


def _padded(sign: str, tag: re.Match[str]) -> str:
    """``sign`` in place of a tag, on as many lines."""
    return sign + re.sub(r"[^\n]", " ", tag[0][1:])


def told(text: str) -> Iterator[tuple[int, str]]:
    """Each word that claims, hides its letters, or answers a question, with its line."""
    stated = _QUESTION.sub(lambda found: _asked(found) if _asks(found[0]) else found[0], text)
    answers = ((found.start(found.lastindex or 0), found[found.lastindex or 0]) for found in _ANSWER.finditer(stated))
    shown = _TAG.sub(lambda found: " " * len(found[0]), stated)
    for place, word in sorted({*loaded_at(stated), *disguised(stated), *answers, *signs(shown)}):
        yield 1 + stated.count("\n", 0, place), " ".join(word.split())


def _asks(sentence: str) -> bool:
    return _ASKS.match(sentence) is not None and not _PRESUMES.search(sentence)


def _asked(found: re.Match[str]) -> str:
    return f"{_blank(found)}x?"


def _lines(found: re.Match[str]) -> str:
    """Nothing, on as many lines, so that places stay."""
    return "\n" * found[0].count("\n")


def _blank(found: re.Match[str]) -> str:
    return " " + _lines(found)
