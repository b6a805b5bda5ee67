"""The shades of a heat map follow its numbers."""

from __future__ import annotations

from harness.units import TOK_PER_S
from hooks.content.blocks import Column, Content, Table, content_of, content_record
from hooks.values.evidence import Strength
from hooks.values.value import Value

COLUMNS = Column("model"), Column("python", TOK_PER_S), Column("rust", TOK_PER_S)


def rate(number: float | None, name: str) -> Value:
    return Value(number, TOK_PER_S, Strength.MEASURED, name=name, missing=None if number is not None else "run_failed")


def test_the_least_is_plain_and_the_most_is_darkest() -> None:
    low, middle, high, none = rate(10.0, "a"), rate(20.0, "b"), rate(30.0, "c"), rate(None, "d")
    table = Table("rates", "Rates", COLUMNS, (("m", low, middle), ("n", high, none)), heat=True)
    assert [table.shade(one) for one in (low, middle, high, none)] == ["b-heat-0", "b-heat-2", "b-heat-4", "b-heat-0"]
    alike = Table("rates", "Rates", COLUMNS, (("m", low, low),), heat=True)
    assert alike.shade(low) == "b-heat-0"


def test_a_heat_map_stays_one_in_the_cache() -> None:
    table = Table("rates", "Rates", COLUMNS, (("m", rate(1.0, "a"), rate(2.0, "b")),), heat=True)
    again = content_of(content_record(Content(tables={"rates": table})))
    assert again.tables["rates"] == table
