"""TR119 on a published recording: what its first screen says of prices and of the mode of every cost."""

from __future__ import annotations

import pytest

from hooks.content.blocks import Content
from hooks.recipes.costs.sensitivity import tornado
from hooks.reports.tr119 import MACHINES
from hooks.values.value import Value
from tests.support.costs import cost_draft, cost_report


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


def test_the_sensitivity_has_both_ends_of_each_input_and_the_widest_first(content: Content) -> None:
    lines = {row[0]: row[1:] for row in content.tables["sensitivity_inputs"].rows}
    assert set(lines) == {"engine", "price of an hour", "use of the hour", "scenario"}
    assert lines["price of an hour"][0] == "compute machine, AMD, reserved for one year, paid at once"
    assert lines["price of an hour"][2] == "general machine, Intel, on demand"
    ratios = list[float]()
    for _, least, _, most, ratio in lines.values():
        assert isinstance(least, Value)
        assert isinstance(most, Value)
        assert isinstance(ratio, Value)
        assert least.number is not None
        assert most.number is not None
        assert ratio.number is not None
        assert ratio.number == pytest.approx(most.number / least.number)
        ratios.append(ratio.number)
    assert ratios == sorted(ratios, reverse=True)
    of_price, of_use = (lines[words][4] for words in ("price of an hour", "use of the hour"))
    assert isinstance(of_price, Value)
    assert isinstance(of_use, Value)
    assert of_price.number == pytest.approx(0.096 / 0.04726)
    assert of_use.number == pytest.approx(2.0)
    drawn = content.figures["sensitivity"].spec["datasets"]["shown"]
    assert [(row["label"], row["series"]) for row in drawn] == [
        (words, end) for words in lines for end in ("least", "most")
    ]


def test_an_input_without_a_cost_is_left_out() -> None:
    draft = cost_draft()
    missing = draft.ask("power", {})
    tornado(draft, "none", "Nothing", "cost", {"engine": {"one": missing}, "price": {}})
    found = draft.content()
    assert found.tables["none_inputs"].rows == ()
    assert "none" not in found.figures


def test_no_headline_and_no_claim_leaves_its_mode_open(content: Content) -> None:
    assert len(content.claims) == 6
    for claim in content.claims.values():
        said = getattr(claim, "what", "") or getattr(claim, "sentence", "")
        assert "prefill" in said or "cache" in said, said
    assert "with a cache" in content.figures["frontier"].title


def test_a_power_is_said_to_be_that_of_the_processors(content: Content) -> None:
    headers = [column.header for column in content.tables["energy"].columns]
    assert headers[-3:] == ["power of the processors", "energy of the processors for an output token", "status"]
