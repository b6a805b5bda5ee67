"""What SSE and NDJSON framing have in common: frames are found in the whole body, not in its segments.

A framing is a function ``body -> Iterator[Frame]``. Because it only ever sees the body end to end, how the bytes
were split on their way cannot change a frame; ``Frame.end`` then finds the segment that completed it. Bytes
that carry nothing (comments, blank lines) are skipped at the speed of C, so that megabytes of them delay nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Frame(NamedTuple):
    """One record's bytes; ``end`` is the offset in the body just behind the byte that completed it.

    ``event`` is the name that SSE gives it, where it does.
    """

    end: int
    data: bytes
    event: bytes = b""


class LineTooLong(ValueError):
    """A line of the body exceeds the limit."""


Framing = Callable[[bytes, int], Iterator[Frame]]


def before_long_line(body: bytes, limit: int) -> int:
    """The length of ``body`` up to the first line of more than ``limit`` bytes (its LF not counted), or all of it."""
    start = 0
    while len(body) - start > limit:
        newline = body.rfind(b"\n", start, start + limit + 1)
        if newline < 0:
            return start
        start = newline + 1
    return len(body)


def refuse_long_line(body: bytes, sound: int, limit: int) -> None:
    """Raises ``LineTooLong`` where ``before_long_line`` found less than the whole body sound."""
    if sound < len(body):
        raise LineTooLong(f"a line of more than {limit} bytes")
