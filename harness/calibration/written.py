"""The ground truth of one stream, and how it is stored with a request."""

from __future__ import annotations

from dataclasses import dataclass

from ..events import Settings


@dataclass(frozen=True, slots=True)
class Written:
    """What really happened: when the request was seen, when its first token was due, and every write, in ns."""

    seen_ns: int
    due_ns: int
    writes_ns: tuple[int, ...]


def written(effective: Settings) -> Written | None:
    """The ground truth of a recorded request, as offsets from its planned start; ``None`` where it has none."""
    seen, due, writes = effective.get("seen_ns"), effective.get("due_ns"), effective.get("writes_ns")
    if not (isinstance(seen, int) and isinstance(due, int) and isinstance(writes, str)):
        return None
    return Written(seen, due, tuple(map(int, writes.split())))
