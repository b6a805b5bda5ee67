"""What SSE and NDJSON framing have in common: frames are found in the whole body, not in its segments.

A framing is a function ``body -> Iterator[Frame]``. Because it only ever sees the body end to end, how the bytes
were split on their way cannot change a frame; ``Frame.end`` then finds the segment that completed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Frame(NamedTuple):
    """One record's bytes; ``end`` is the offset in the body just behind the byte that completed it."""

    end: int
    data: bytes


class LineTooLong(ValueError):
    """A line of the body exceeds the limit."""


Framing = Callable[[bytes, int], Iterator[Frame]]
