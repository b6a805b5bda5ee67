"""Tells an author where a loose number was typed, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError

from .literals import Loose, Scan

_WORD = re.compile(r"\w+")


class UnboundNumber(UsageError):
    """A page shows numbers that neither a value nor a declared literal stands behind."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that contributes to a page, under the name that an author knows it by."""

    name: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, root: Path) -> Source:
        """The file at ``path``, named relative to ``root``."""
        return cls(path.relative_to(root).as_posix(), tuple(path.read_text(encoding="utf-8").splitlines()))


def messages(page: str, scan: Scan, sources: Sequence[Source]) -> Iterator[str]:
    """One line per loose number: file, line, text, place, and what to do."""
    return (_message(page, loose, sources) for loose in scan.loose)


def _message(page: str, loose: Loose, sources: Sequence[Source]) -> str:
    return (
        f"{locate(loose, sources) or page}: “{loose.context}”: {loose.number} in {loose.place} stands behind no value;"
        f' bind it, or declare it: lit("{loose.number}", "setting")'
    )


def locate(loose: Loose, sources: Sequence[Source]) -> str | None:
    """``file:line`` of the line that holds the number and most of the words around it; ``None`` for no such line."""
    words = frozenset(_WORD.findall(loose.context))
    lines = (
        (len(words & frozenset(_WORD.findall(line))), source.name, number)
        for source in sources
        for number, line in enumerate(source.lines, 1)
        if loose.number in line
    )
    best = _first_of_most(lines)
    return f"{best[1]}:{best[2]}" if best else None


def _first_of_most(lines: Iterable[tuple[int, str, int]]) -> tuple[int, str, int] | None:
    return max(lines, key=lambda line: line[0], default=None)
