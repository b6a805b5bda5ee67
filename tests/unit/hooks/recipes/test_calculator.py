"""TR119: a browser follows the formula that made the page's number, and what is not known is said."""

from __future__ import annotations

import random
from datetime import date

import pytest

from harness.errors import UsageError
from hooks.content.blocks import Content, Lit
from hooks.recipes.costs.calculator import formula
from hooks.recipes.costs.energy import MODELLED, UNDECLARED, modelled
from hooks.recipes.costs.formulas import COSTS, Assumptions
from hooks.recipes.costs.inputs import age
from hooks.recipes.rows import Row
from hooks.values.questions import Input
from hooks.values.value import Value
from tests.support.costs import assumed, cost_draft, cost_report, rate

OPERANDS = ("hour", "paid", "prompt", "output", "requests", "used")


@pytest.fixture(scope="module")
def tr119() -> Content:
    return cost_report()


def rows(found: Content, table: str) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text if isinstance(cell, Lit | Value) else cell for cell in row) for row in found.tables[table].rows
    ]


def named(given: Assumptions) -> dict[str, str]:
    return {getattr(given, name).id: name for name in OPERANDS}


@pytest.mark.parametrize("heading", COSTS)
def test_a_formula_gives_the_number_to_the_last_bit(heading: str) -> None:
    chance = random.Random(heading)
    for _ in range(200):
        given = assumed(
            chance.uniform(0.001, 40), chance.randint(1, 10**5), chance.randint(1, 10**5), chance.randint(1, 10**9),
            chance.uniform(1, 100), chance.uniform(1, 100),
        )  # fmt: skip
        rates = {name: rate(name, 10 ** chance.uniform(-1, 5), chance) for name in ("prefill", "decode")}
        cost = COSTS[heading][1](given, *rates.values())
        text = formula(cost, {**named(given), **{value.id: name for name, value in rates.items()}})
        numbers = {name: value.number for name, value in rates.items()}
        numbers |= {name: getattr(given, name).number for name in OPERANDS}
        assert eval(text, {}, numbers) == cost.number  # noqa: S307 a text that this process made


def test_the_formulas_of_the_page_are_those_of_its_numbers(tr119: Content) -> None:
    inputs, costs = tr119.tables["costs_inputs"], tr119.tables["costs"]
    (given,) = inputs.rows
    operands = {}
    for column, cell in zip(inputs.columns, given, strict=True):
        if column.formula:
            text = str(cell.number) if isinstance(cell, Value) else cell.text if isinstance(cell, Lit) else cell
            operands[column.formula] = float(text.replace(",", ""))
    assert set(operands) == set(OPERANDS)
    for row in costs.rows:
        cells = {column.formula: cell for column, cell in zip(costs.columns, row, strict=True) if column.formula}
        rates = {name: cell.number for name, cell in cells.items() if name.isidentifier() and isinstance(cell, Value)}
        computed = {name: cell for name, cell in cells.items() if not name.isidentifier()}
        assert len(computed) == len(COSTS)
        for text, cell in computed.items():
            assert isinstance(cell, Value)
            assert eval(text, {}, {**operands, **rates}) == cell.number  # noqa: S307 a text that this process made


def test_a_measured_operand_without_a_name_is_refused() -> None:
    chance = random.Random(1)
    given, prefill, decode = assumed(1, 1, 1, 1, 100), rate("prefill", 10, chance), rate("decode", 10, chance)
    cost = COSTS["a thousand requests"][1](given, prefill, decode)
    with pytest.raises(UsageError, match="has no name in the formulas of the calculator"):
        formula(cost, {**named(given), prefill.id: "prefill"})


def test_a_price_that_no_source_gives_is_not_given(tr119: Content) -> None:
    said = {words: prices for words, *prices in rows(tr119, "tiers")}
    assert said["on demand"] == ["0.085\u00a0USD/h", "0.0765\u00a0USD/h", "0.096\u00a0USD/h"]
    assert said["spot"] == ["0.0611\u00a0USD/h", "0.0627\u00a0USD/h", "0.0537\u00a0USD/h"]
    missing = {words for words, prices in said.items() if "not given" in prices}
    assert missing == {"reserved for three years", "a machine of one's own, with depreciation"}
    assert all(said[words] == ["not given"] * 3 for words in missing)


def test_each_price_that_is_given_has_a_cost(tr119: Content) -> None:
    paid = tr119.tables["paid"]
    assert [column.header for column in paid.columns[-3:]] == [
        "on demand", "spot", "reserved for one year, paid at once",
    ]  # fmt: skip
    for *_, demand, spot, reserved in paid.rows:
        assert isinstance(demand, Value)
        assert isinstance(spot, Value)
        assert isinstance(reserved, Value)
        assert spot.number == pytest.approx(demand.number * 0.0611 / 0.085)
        assert reserved.number == pytest.approx(demand.number * 0.052511 / 0.085)


def test_every_input_has_a_date_and_a_source_and_says_whether_it_is_old(tr119: Content) -> None:
    found = rows(tr119, "inputs")
    assert len(found) == 13
    for _, _, day, _, source, old in found:
        assert date.fromisoformat(day)
        assert source
        assert old == age(date.fromisoformat(day), date(2026, 11, 26))
    assert {old for what, _, _, _, _, old in found if "spot" in what} == {"older than half a year"}


@pytest.mark.parametrize(("day", "old"), [(date(2026, 5, 30), False), (date(2026, 5, 29), True)])
def test_an_input_is_old_after_180_days(day: date, old: bool) -> None:
    assert age(day, date(2026, 11, 26)).startswith("older") is old


def test_an_input_of_after_the_recording_is_said_to_be_later() -> None:
    assert age(date(2026, 11, 27), date(2026, 11, 26)) == "later than the recording"
    assert age(date(2026, 11, 26), date(2026, 11, 26)) == "within half a year"


def test_energy_is_measured_or_modelled_or_missing_with_the_reason(tr119: Content) -> None:
    assert {row[-1] for row in rows(tr119, "energy")} == {"none: no sensor"}
    assert {row[2] for row in rows(tr119, "energy")} == {"—"}
    assert {row[-1] for row in rows(tr119, "energy_modelled")} == {MODELLED}
    full, idle = (tr119.tables["energy_modelled"].rows[0][place] for place in (2, 3))
    assert isinstance(full, Value)
    assert isinstance(idle, Value)
    assert full.number == pytest.approx(idle.number * 2.282155106707317 / 0.7391482469512195)


def test_no_energy_is_modelled_for_a_processor_without_a_declared_power() -> None:
    draft = cost_draft()
    (status,) = modelled(draft, {})
    assert status.ask(draft, Row({}, {})) == UNDECLARED


def test_no_claim_rests_on_an_input(tr119: Content) -> None:
    assert tr119.claims
    for claim in tr119.claims.values():
        for value in claim.values.values():
            assert not [one for one in value.lineage() if isinstance(one.question, Input)]
