"""The public traces: CSV tables with a time and two lengths."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError
from .trace_lines import Arrival, Length, number

LONGEST = 10_000_000
_DATE = re.compile(r"((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})[ T]([0-9:]{8}(?:\.[0-9]{1,9})?)(?:Z|\+00:00)?")


@dataclass(frozen=True, slots=True)
class Public:
    """A public format: its columns, and how it writes a time, in seconds."""

    kind: str
    at: str
    prompt: str
    answer: str
    seconds: Callable[[str], float]

    @property
    def wanted(self) -> tuple[str, str, str]:
        """The columns that it needs."""
        return self.at, self.prompt, self.answer


def _timestamp(text: str) -> float:
    """Seconds of a date and time in UTC, exact to the microsecond over the days of a trace."""
    import numpy as np  # nothing else of a run needs it

    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    since = np.datetime64(f"{found[1]}T{found[2]}", "ns") - np.datetime64("2020-01-01", "ns")
    return int(since.astype(np.int64)) / 1e9


_PUBLIC = (
    Public("azure", "timestamp", "contexttokens", "generatedtokens", _timestamp),
    Public("burstgpt", "timestamp", "request tokens", "response tokens", number),
)


def format_of(path: Path, header: str) -> Public | None:
    """The format whose columns a first line names; none where it names no lengths.

    Raises ``UsageError`` where a column stands there twice, or where a time and tokens have names of no format.
    """
    columns = _columns(header)
    found = next((one for one in _PUBLIC if set(one.wanted) <= set(columns)), None)
    if found is None and "timestamp" in columns and any("token" in name for name in columns):
        known = " or ".join(", ".join(one.wanted) for one in _PUBLIC)
        raise UsageError(f"{path}, line 1: it names a timestamp and tokens, but not {known}; rename its columns")
    for name in found.wanted if found else ():
        if columns.count(name) > 1:
            raise UsageError(f"{path}, line 1: the column {name} stands there twice; keep one")
    return found


def _columns(header: str) -> list[str]:
    return [name.strip().lower() for name in next(csv.reader([header]), [])]


def table(path: Path, lines: Iterable[str], public: Public) -> Iterator[Arrival]:
    """The requests of a public trace. Raises ``UsageError`` naming the line."""
    rows = csv.reader(lines, strict=True)
    columns = [name.strip().lower() for name in next(rows)]
    places = [columns.index(name) for name in public.wanted]
    line = rows.line_num + 1
    try:
        for row in rows:
            if rows.line_num != line:
                raise UsageError(f"{path}, line {line}: a field goes over several lines; close its quotes")
            if row:
                yield _arrival(path, line, row, len(columns), places, public)
            line = rows.line_num + 1
    except csv.Error as error:
        raise UsageError(f"{path}, line {line}: it is no CSV: {error}; correct it") from None


def _arrival(path: Path, line: int, row: list[str], width: int, places: list[int], public: Public) -> Arrival:
    if len(row) != width:
        raise _wrong(path, line, public, f": it has {len(row)} fields, and the header {width}")
    at_text, prompt, answer = (row[place] for place in places)
    try:
        at = public.seconds(at_text)
        length = Length(_tokens(prompt), _tokens(answer))
    except (ValueError, ArithmeticError):
        raise _wrong(path, line, public) from None
    if not abs(at) < float("inf"):
        raise UsageError(f"{path}, line {line}: no finite time")
    return Arrival(line, at, length)


def _wrong(path: Path, line: int, public: Public, why: str = "") -> UsageError:
    return UsageError(f"{path}, line {line}: no {', '.join(public.wanted)} of a trace of {public.kind}{why}")


def _tokens(text: str) -> int:
    found = int(text) if text.isascii() and text.isdecimal() else number(text)
    if not (0 <= found <= LONGEST and found == int(found)):
        raise ValueError(text)
    return int(found)
