"""Where a Markdown file wants a number: ``<!-- bind: tr108/v3 metric=ttft threads=1 -->12.3 ms<!-- /bind -->``.

What stands in fenced code or between backticks is an example and no marker.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError

_FENCED = r"^( {0,3})(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\2[`~]*[ \t]*$|\Z)"
_CODE = re.compile(rf"{_FENCED}|(?<!`)(`+)(?!`).*?(?<!`)\3(?!`)", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"<!--\s*(/?)bind\b(:?)([^\n]*?)-->")
HOW = "write <!-- bind: STUDY/VERSION finding=NAME -->…<!-- /bind -->"


@dataclass(frozen=True, slots=True)
class Marker:
    """What a file asks for, by ``words`` of which the first is a dataset; its text from ``begin`` to ``end``
    is what it says now."""

    place: str
    words: tuple[str, ...]
    begin: int
    end: int


def markers(path: Path, text: str) -> Iterator[Marker]:
    """The markers of a file in their order. Raises ``UsageError`` naming file and line."""
    opened: tuple[re.Match[str], str] | None = None
    for found in _MARKER.finditer(_without_code(text)):
        place = f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
        if bool(found[1]) is (opened is None):
            wrong = "ends where none began" if found[1] else "begins inside another one"
            raise UsageError(f"{place}: a marker {wrong}; {HOW}")
        if opened is None:
            opened = found, place
            continue
        first, where = opened
        yield Marker(where, _words(first, where), first.end(), found.start())
        opened = None
    if opened:
        raise UsageError(f"{opened[1]}: a marker begins and does not end; {HOW}")


def _words(found: re.Match[str], place: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(found[3]))
    except ValueError as error:
        raise UsageError(f"{place}: {error}; {HOW}") from None
    if not found[2] or not words:
        raise UsageError(f"{place}: a marker names no dataset; {HOW}")
    return words


def _without_code(text: str) -> str:
    """The text with blanks in the place of code, so that places stay."""
    return _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
