"""Strict reading of what an engine says: JSON records and the counters in them.

Nothing here guesses: a duplicate key, invalid UTF-8 or a number that cannot be is an error with a ``Code``.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping

from ..outcomes import Code

Record = Mapping[str, object]
MAX_COUNT = 2**53


class BadRecord(ValueError):
    """A record that must not be used; ``code`` becomes the request's failure."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def parse(data: bytes) -> Record:
    """One JSON object. Raises ``BadRecord`` (``BAD_ENCODING``, ``BAD_FRAME``)."""
    try:
        value = _DECODER.decode(data.decode())
    except UnicodeDecodeError as error:
        raise BadRecord(Code.BAD_ENCODING, f"invalid UTF-8 at byte {error.start} of a record") from None
    except (ValueError, RecursionError) as error:
        raise BadRecord(Code.BAD_FRAME, f"not a JSON record: {error}") from None
    if not isinstance(value, dict):
        raise BadRecord(Code.BAD_FRAME, f"a record is a JSON object, not {type(value).__name__}")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError("a key appears twice")
    return record


_DECODER = json.JSONDecoder(object_pairs_hook=_unique)


def text(record: Record, key: str) -> str:
    """A text field; absent or null is empty. Raises ``BadRecord`` for anything else."""
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRecord(Code.BAD_FRAME, f"{key!r} is {type(value).__name__}, not text")
    return value


def section(record: Record, key: str) -> Record:
    """A nested object; absent or null is empty. Raises ``BadRecord`` for anything else."""
    value = record.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRecord(Code.BAD_FRAME, f"{key!r} is {type(value).__name__}, not an object")
    return value


class CounterReader:
    """Reads the counters of one record; ``bad`` names those that cannot be (NaN, negative, not a number)."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.bad: list[str] = []

    def count(self, key: str) -> int | None:
        """A whole number, at least 0; ``None`` where absent or bad."""
        value = self._record.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MAX_COUNT:
            self.bad.append(key)
            return None
        return value

    def number(self, key: str, scale: float = 1.0) -> float | None:
        """A finite number, at least 0, times ``scale``; ``None`` where absent or bad."""
        value = self._record.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MAX_COUNT:
            self.bad.append(key)
            return None
        return value * scale


def shortest_float32(value: float) -> float:
    """The shortest decimal that is the same 32-bit float: engines store 0.8 and report 0.800000011920929."""
    packed = _float32(value)
    for digits in range(1, 9):
        short = float(f"{value:.{digits}g}")
        if _float32(short) == packed:
            return short
    return value


def _float32(value: float) -> bytes:
    return struct.pack("<f", value)
