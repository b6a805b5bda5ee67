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

_EXEMPT = re.compile(
    r"\b(?:word|claim|show|chart|everywhere)\((?:[^()\"']|\"[^\"]*\"|'[^']*')*\)|\bstartswith\([^()]*\)|\bv\.\w+|`[^`\n]*`",
)
_QUESTION = re.compile(r"[^.!?:\n-][^.!?\n]*\?")


class UntestedWord(UsageError):
    """Prose says that something compares, and nothing tests it."""


def demand_tested_words(prose: Prose, root: Path) -> None:
    """Raises ``UntestedWord`` with one line for each word, by file and line."""
    home = root if prose.path.is_relative_to(root) else PACKAGE.parent
    name = prose.path.relative_to(home).as_posix() if prose.path.is_relative_to(home) else prose.path.name
    found = [
        f"{name}:{number}: “{word}” compares, and no claim tests it; state it as a claim, say it without comparing, or"
        f' declare why it needs none: word("{word}", "…")'
        for number, word in _words(prose)
    ]
    if found:
        raise UntestedWord("\n".join(found))


def _words(prose: Prose) -> Iterator[tuple[int, str]]:
    text = _EXEMPT.sub(_blank, prose.path.read_text(encoding="utf-8"))
    text = _QUESTION.sub(_blank, text)
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, word) for word in loaded(line))


def _blank(found: re.Match[str]) -> str:
    """As many lines of nothing, so that places stay."""
    return " " + "\n" * found[0].count("\n")
