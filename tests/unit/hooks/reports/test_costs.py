"""TR119 on a published recording: what its first screen says of prices and of the mode of every cost."""

from __future__ import annotations

import pytest

from hooks.content.blocks import Content
from hooks.reports.tr119 import MACHINES
from tests.support.costs import cost_report


@pytest.fixture(scope="module")
def content() -> Content:
    return cost_report()


def test_the_hero_has_each_engine_at_the_price_of_each_machine(content: Content) -> None:
    drawn = content.figures["frontier"].spec["datasets"]["shown"]
    engines = {row["series"] for row in drawn}
    assert {(row["series"], row["label"]) for row in drawn} == {
        (engine, machine) for engine in engines for machine in MACHINES.values()
    }
    for engine in engines:
        of_engine = [row for row in drawn if row["series"] == engine]
        assert len({row["value"] for row in of_engine}) == len(MACHINES), "another price is another cost"
        assert len({row["size"] for row in of_engine}) == 1, "and no other time"


def test_no_headline_and_no_claim_leaves_its_mode_open(content: Content) -> None:
    assert len(content.claims) == 6
    for claim in content.claims.values():
        said = getattr(claim, "what", "") or getattr(claim, "sentence", "")
        assert "prefill" in said or "cache" in said, said
    assert "with a cache" in content.figures["frontier"].title


def test_a_power_is_said_to_be_that_of_the_processors(content: Content) -> None:
    headers = [column.header for column in content.tables["energy"].columns]
    assert headers[-3:] == ["power of the processors", "energy of the processors for an output token", "status"]
