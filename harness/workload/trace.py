"""A recorded trace of arrivals, read from a file: what an open loop replays.

    arrivals    one a line, in seconds after the first: a bare number, the first field of a CSV line, ``{"at_s": 1.5}``
    Azure       ``TIMESTAMP,ContextTokens,GeneratedTokens`` (the LLM inference traces of 2023 and 2024)
    BurstGPT    ``Timestamp,Model,Request tokens,Response tokens,…``, in seconds; requests that failed have no answer

The columns of a public trace may stand in any order. Its lengths are those of prompt and answer in tokens.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..bounded_file import read_bounded
from ..errors import UsageError
from .arrivals import replayed
from .trace_lines import Arrival, Length, plain
from .trace_tables import format_of, table

LONGEST_S = 10 * 366 * 86_400.0


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


def read_trace(path: Path, speed: float = 1.0) -> Trace:
    """The trace in ``path``, ``speed`` times as fast. Raises ``UsageError`` naming the line to correct."""
    try:
        data = read_bounded(path)
        lines = io.StringIO(data.decode("utf-8-sig"), newline=None)
    except FileNotFoundError:
        raise UsageError(f"there is no trace {path}; name a file of arrival times") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; name a file of arrival times") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} cannot be read as text: {error}; save it as UTF-8") from None
    header = next(lines, "")
    public = format_of(path, header)
    again = itertools.chain((header,), lines)
    found = list(_ascending(path, table(path, again, public) if public else plain(path, again)))
    kept = [(at, length) for at, length in found if length is None or length.answer > 0]
    if not kept:
        raise UsageError(f"{path} holds no arrivals; write one per line, in seconds")
    first = kept[0][0] if public else 0.0
    offsets = replayed([at - first for at, _ in kept], speed)
    lengths = tuple(length for _, length in kept if length is not None)
    kind = public.kind if public else "arrivals"
    return Trace(offsets, lengths, kind, len(found) - len(kept), hashlib.sha256(data).hexdigest())


def _ascending(path: Path, arrivals: Iterable[Arrival]) -> Iterator[tuple[float, Length | None]]:
    """The arrivals without their lines. Raises ``UsageError`` for one before the one above it, or years after the
    first."""
    first: float | None = None
    before = -float("inf")
    for line, at, length in arrivals:
        first = at if first is None else first
        if at < before:
            raise UsageError(f"{path}, line {line}: the trace goes back in time; sort it by time")
        if at - first > LONGEST_S:
            raise UsageError(f"{path}, line {line}: it is more than ten years after the first; give times in seconds")
        before = at
        yield at, length
