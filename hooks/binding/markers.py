"""Where a Markdown file wants a number: ``<!-- bind: tr108/v3 metric=ttft threads=1 -->12.3 ms<!-- /bind -->``.

What stands in fenced code or between backticks is an example and no marker.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError

_FENCE = re.compile(r"((?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*)(`{3,}(?=[^`]*$)|~{3,})")
_BLOCK = r"\n[ \t>]*(?:\r?\n|[-*+][ \t]|[0-9]{1,9}[.)][ \t]|#{1,6}[ \t]|\|)"
_SPAN = re.compile(rf"(?<![`\\])(`+)(?!`)(?:(?!{_BLOCK}).)*?(?<!`)\1(?!`)", re.DOTALL)
"""Code between backticks of one block: a paragraph, an item of a list, a heading or a row of a table."""
_BREAK = re.compile(rf"{_BLOCK}|\n[ \t>]*(?:`{{3}}|~{{3}})|\|")
"""What no text of a marker reaches over: the end of its block, a fence, or the end of a cell of a table."""
_MARKER = re.compile(r"<!--(-*)\s*(/?)((?i:bind))\b(:?)(.*?)(-->|\Z)", re.DOTALL)
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
    line, counted = 1, 0
    for found in _MARKER.finditer(_without_code(text)):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        place = f"{path}:{line}"
        dashes, ends, word, colon, rest, closing = found.groups()
        if not ends and not colon and (word != "bind" or dashes or not closing):
            continue
        if not closing:
            raise UsageError(f"{place}: a marker has no -->; {HOW}")
        if word != "bind" or dashes or "\n" in rest:
            wrong = "with two dashes" if dashes else "in one line" if word == "bind" else "in small letters"
            raise UsageError(f"{place}: a marker is written {wrong}; {HOW}")
        if bool(ends) is (opened is None):
            wrong = "ends where none began" if ends else "begins inside another one"
            raise UsageError(f"{place}: a marker {wrong}; {HOW}")
        if opened is None:
            opened = found, place
            continue
        first, where = opened
        if _BREAK.search(text, first.end(), found.start()):
            raise UsageError(
                f"{where}: the text of a marker goes over the end of its paragraph, item, cell or row; {HOW}"
            )
        yield Marker(where, _words(first, where), first.end(), found.start())
        opened = None
    if opened:
        raise UsageError(f"{opened[1]}: a marker begins and does not end; {HOW}")


def _words(found: re.Match[str], place: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(found[5]))
    except ValueError as error:
        raise UsageError(f"{place}: {error}; {HOW}") from None
    if not found[4] or not words:
        raise UsageError(f"{place}: a marker names no dataset; {HOW}")
    return words


def _without_code(text: str) -> str:
    """The text with blanks in the place of code, so that places stay."""
    return _SPAN.sub(lambda found: _blank(found[0]), "".join(_without_fences(text.split("\n"))))


def _without_fences(lines: Sequence[str]) -> Iterator[str]:
    """The lines with their ends. A fence ends with its like, or with the quotation or the item of a list it is in."""
    lead = mark = ""
    for number, line in enumerate(lines):
        text = line.rstrip("\r")
        if mark and _left(lead, text):
            mark = ""
        fence = None if mark else _FENCE.match(text if number else text.removeprefix("\ufeff"))
        yield ("\n" if number else "") + (_blank(line) if mark or fence else line)
        if fence:
            lead, mark = fence[1], fence[2]
        elif mark and _closes(text.lstrip(" \t>").rstrip(), mark):
            mark = ""


def _left(lead: str, line: str) -> bool:
    """Whether a line stands outside of the quotation or of the item of a list in which a fence began."""
    if ">" in lead:
        return not line.lstrip().startswith(">")
    inside = lead.strip() and line.strip()
    return bool(inside) and len(line) - len(line.lstrip(" \t")) < len(lead)


def _closes(line: str, mark: str) -> bool:
    return len(line) >= len(mark) and set(line) == {mark[0]}


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
