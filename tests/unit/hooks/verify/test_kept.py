"""Tables are kept up to a number of bytes: the ones that were asked for last."""

from __future__ import annotations

import pyarrow as pa

from hooks.verify.kept import Kept


def test_the_tables_asked_for_last_are_kept() -> None:
    table = pa.table({"number": list(range(100))})
    read: list[str] = []
    kept = Kept(2 * table.nbytes)

    def ask(name: str) -> None:
        kept.table(name, lambda: read.append(name) or table)

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert read == ["a", "b", "c", "b"]


def test_a_table_that_is_too_large_is_kept_until_the_next() -> None:
    read: list[int] = []
    kept = Kept(1)
    table = pa.table({"number": [1, 2, 3]})
    for key in (1, 1, 2, 1):
        assert kept.table(key, lambda key=key: read.append(key) or table) is table  # type: ignore[misc]
    assert read == [1, 2, 1]
