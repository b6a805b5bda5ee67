"""A recorded trace of arrivals, read from a file: what an open loop replays.

One arrival per line, in seconds after the first: a bare number, the first field of a CSV line, or ``{"at_s": 1.5}``. A
header line and empty lines are skipped.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError
from .arrivals import replayed

MOST_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Trace:
    """Offsets in nanoseconds, ascending, and the SHA-256 of the file that they came from."""

    offsets_ns: tuple[int, ...]
    sha256: str


def read_trace(path: Path, speed: float = 1.0) -> Trace:
    """The trace in ``path``, ``speed`` times as fast. Raises ``UsageError`` naming the line to correct."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MOST_BYTES else b""
        lines = data.decode("utf-8").splitlines()
    except FileNotFoundError:
        raise UsageError(f"there is no trace {path}; name a file of arrival times") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as text: {error}") from None
    if size > MOST_BYTES:
        raise UsageError(f"{path} is larger than {MOST_BYTES >> 20} MiB; cut the trace")
    found = [_at(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    offsets = [at for at in found if at is not None]
    if not offsets:
        raise UsageError(f"{path} holds no arrivals; write one per line, in seconds")
    return Trace(replayed(offsets, speed), hashlib.sha256(data).hexdigest())


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
