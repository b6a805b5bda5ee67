"""Tables that were read lately are kept, up to a number of bytes: many questions ask the same few tables."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import pyarrow as pa

MOST_BYTES = 160 << 20
"""Of all tables together. What is kept is counted as it was unpacked."""


class Kept:
    """The tables that were asked for last. At least the last one is kept."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._bytes = most, 0
        self._tables: dict[Hashable, tuple[pa.Table, int]] = {}

    def table(self, key: Hashable, read: Callable[[], pa.Table]) -> pa.Table:
        """The table under this key, which ``read`` reads where it is not kept. What raises is read again."""
        found = self._tables.pop(key, None)
        if found is None:
            table = read()
            found = table, table.nbytes
            self._bytes += found[1]
        self._tables[key] = found
        while self._bytes > self._most and len(self._tables) > 1:
            self._bytes -= self._tables.pop(next(iter(self._tables)))[1]
        return found[0]
