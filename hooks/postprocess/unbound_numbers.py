"""Tells an author where a loose number was typed, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError

from ..project import PACKAGE
from .number_scan import Loose, Scan

GENERATED = 'bind it, or declare it: lit("{0}", "setting")'
IN_WORDS = "say it in words, or in the text"
IN_BRACES = "declare it: {{{0}|definition}}"
HANDWRITTEN = "link to a page that measures it, or declare it: <lit setting>{0}</lit>"
_WORD = re.compile(r"\w+")
_ALONE = r"""(?:^|["'|>])\s*{}\s*(?:$|["'|<])"""


class UnboundNumber(UsageError):
    """A page shows numbers that neither a value nor a declared literal stands behind."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that contributes to a page, under the name that an author knows it by."""

    name: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, root: Path) -> Source:
        """The file at ``path``, named relative to ``root``; one of ours outside it, relative to where our code lies."""
        home = root if path.is_relative_to(root) else PACKAGE.parent
        return cls(path.relative_to(home).as_posix(), tuple(path.read_text(encoding="utf-8").splitlines()))


def messages(page: str, scan: Scan, sources: Sequence[Source], remedy: str = GENERATED) -> Iterator[str]:
    """One line per loose number: file, line, text, place, and what to do; ``remedy`` has a place for the number."""
    return (_message(page, loose, sources, remedy) for loose in scan.loose)


def _message(page: str, loose: Loose, sources: Sequence[Source], remedy: str) -> str:
    return (
        f"{locate(loose, sources) or page}: “{loose.context}”: no value stands behind {loose.number} in {loose.place};"
        f" {remedy.format(loose.number)}"
    )


def locate(loose: Loose, sources: Sequence[Source]) -> str | None:
    """``file:line`` of the line that holds the number and most of the words around it; ``None`` for no such line.

    A number without words around it must stand alone in its cell, its quotes or its line.
    """
    words = frozenset(_WORD.findall(loose.context)) - frozenset(_WORD.findall(loose.number))
    alone = re.compile(_ALONE.format(re.escape(loose.number)))
    lines = (
        (len(words & frozenset(_WORD.findall(line))), source.name, number)
        for source in sources
        for number, line in enumerate(source.lines, 1)
        if loose.number in line and (words or alone.search(line))
    )
    most, name, number = max(lines, key=lambda line: line[0], default=(0, "", 0))
    return f"{name}:{number}" if name and 2 * most >= len(words) else None
