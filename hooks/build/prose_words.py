"""Holds the prose of a report to its claims: a word that compares stands in a claim, or says why it needs none.

Read in the source, line by line. What a claim, a chart or a table writes is tested elsewhere, and a question claims
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from harness.errors import UsageError

from ..claims.lexicon import loaded
from ..editions.prose import Prose
from ..project import PACKAGE
from ..text.escaping import LiteralKind, refuse_measurement

_EXEMPT = re.compile(
    r"""\b(?:word|claim|show|chart|in_all_recordings)\((?:[^()"']|"[^"]*"|'[^']*')*\)"""
    r"""|\bstartswith\([^()]*\)|\bv\.\w+|`[^`\n]*`"""
)
_LITERAL = re.compile(r"""\blit\(\s*(["'])(?P<text>.*?)\1\s*,\s*(["'])(?P<kind>\w+)\3""")
_REST = re.compile(r"\s*\)\s*\}\}(.*)")
"""What stands on the line after the expression that a literal ends."""

_QUESTION = re.compile(r"[^.!?:\n-][^.!?\n]*\?")


class UntestedWord(UsageError):
    """Prose says that something compares, and nothing tests it."""


def demand_tested_words(prose: Prose, root: Path) -> None:
    """Raises ``UntestedWord`` with one line for each word, by file and line."""
    found = [
        f"{place_of(prose, root)}:{number}: “{word}” compares, and no claim tests it; state it as a claim,"
        " say it without comparing, or"
        f' declare why it needs none: word("{word}", "…")'
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
    text = _EXEMPT.sub(_blank, prose.path.read_text(encoding="utf-8"))
    text = _QUESTION.sub(_blank, text)
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, word) for word in loaded(line))


def _blank(found: re.Match[str]) -> str:
    """As many lines of nothing, so that places stay."""
    return " " + "\n" * found[0].count("\n")
