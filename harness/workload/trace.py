"""A recorded trace of arrivals, read from a file: what an open loop replays.

    arrivals    one a line, in seconds after the first: a bare number, the first field of a CSV line, ``{"at_s": 1.5}``
    Azure       ``TIMESTAMP,ContextTokens,GeneratedTokens`` (the LLM inference traces of 2023 and 2024)
    BurstGPT    ``Timestamp,Model,Request tokens,Response tokens,…``, in seconds; requests that failed have no answer

The columns of a public trace may stand in any order. Its lengths are those of prompt and answer in tokens.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..bounded_file import read_bounded
from ..errors import UsageError
from .arrivals import replayed

MOST_BYTES = 256 << 20
LONGEST = 10_000_000
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:Z|\+00:00)?")


@dataclass(frozen=True, slots=True)
class Length:
    """Tokens of a prompt and of its answer."""

    prompt: int
    answer: int

    def times(self, scale: float) -> Length:
        """Both ``scale`` times as long, at least one token each."""
        return Length(max(1, round(self.prompt * scale)), max(1, round(self.answer * scale)))


@dataclass(frozen=True, slots=True)
class Trace:
    """Offsets in nanoseconds, ascending, from the first arrival on; ``lengths`` are as many, or none where the file
    tells none.

    ``kind`` is the format, ``left_out`` the number of requests without an answer, ``sha256`` that of the file.
    """

    offsets_ns: tuple[int, ...]
    lengths: tuple[Length, ...]
    kind: str
    left_out: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Public:
    """A public format: its columns, and how it writes a time, in seconds."""

    kind: str
    at: str
    prompt: str
    answer: str
    seconds: Callable[[str], float]


def _timestamp(text: str) -> float:
    """Seconds of a date and time in UTC, exact to the microsecond over the days of a trace."""
    import numpy as np  # nothing else of a run needs it

    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    since = np.datetime64(f"{found[1]}T{found[2]}", "ns") - np.datetime64("2020-01-01", "ns")
    return int(since.astype(np.int64)) / 1e9


_PUBLIC = (
    _Public("azure", "timestamp", "contexttokens", "generatedtokens", _timestamp),
    _Public("burstgpt", "timestamp", "request tokens", "response tokens", float),
)


def read_trace(path: Path, speed: float = 1.0) -> Trace:
    """The trace in ``path``, ``speed`` times as fast. Raises ``UsageError`` naming the line to correct."""
    try:
        size = path.stat().st_size
        data = read_bounded(path) if size <= MOST_BYTES else b""
        lines = data.decode("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise UsageError(f"there is no trace {path}; name a file of arrival times") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as text: {error}") from None
    if size > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES >> 20} MiB; cut the trace")
    public = _format_of(lines[0]) if lines else None
    found = list(_public(path, lines, public) if public else _plain(path, lines))
    kept = [(at, length) for at, length in found if length is None or length.answer > 0]
    if not kept:
        raise UsageError(f"{path} holds no arrivals; write one per line, in seconds")
    first = kept[0][0] if public else 0.0
    offsets = replayed([at - first for at, _ in kept], speed)
    lengths = tuple(length for _, length in kept if length is not None)
    kind = public.kind if public else "arrivals"
    return Trace(offsets, lengths, kind, len(found) - len(kept), hashlib.sha256(data).hexdigest())


def _format_of(header: str) -> _Public | None:
    columns = _columns(header)
    return next((one for one in _PUBLIC if {one.at, one.prompt, one.answer} <= set(columns)), None)


def _columns(header: str) -> list[str]:
    return [name.strip().lower() for name in next(csv.reader([header]), [])]


def _public(path: Path, lines: Sequence[str], public: _Public) -> Iterator[tuple[float, Length]]:
    columns = _columns(lines[0])
    for number, row in enumerate(csv.reader(lines[1:]), start=2):
        if not row:
            continue
        named: Mapping[str, str] = dict(zip(columns, row, strict=False))
        try:
            at = public.seconds(named[public.at])
            length = Length(_tokens(named[public.prompt]), _tokens(named[public.answer]))
        except (KeyError, ValueError, ArithmeticError):
            wanted = ", ".join((public.at, public.prompt, public.answer))
            raise UsageError(f"{path}, line {number}: no {wanted} of a trace of {public.kind}") from None
        if not abs(at) < float("inf"):
            raise UsageError(f"{path}, line {number}: no finite time")
        yield at, length


def _tokens(text: str) -> int:
    number = float(text)
    if not (number.is_integer() and 0 <= number <= LONGEST):
        raise ValueError(text)
    return int(number)


def _plain(path: Path, lines: Sequence[str]) -> Iterator[tuple[float, None]]:
    for number, line in enumerate(lines, start=1):
        at = _at(path, number, line) if line.strip() else None
        if at is not None:
            yield at, None


def _at(path: Path, number: int, line: str) -> float | None:
    """The arrival of a line; ``None`` for the first line where it is a header."""
    try:
        found = json.loads(line)["at_s"] if line.lstrip().startswith("{") else line.split(",")[0]
        at = float(found)
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError):
        if number == 1 and not line.lstrip().startswith("{"):
            return None
        raise UsageError(f"{path}, line {number}: no arrival time in seconds") from None
    if not 0 <= at < float("inf"):
        raise UsageError(f"{path}, line {number}: an arrival lies between the first and a finite time after it")
    return at
