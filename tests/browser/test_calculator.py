"""The calculator of costs agrees with the page and with Python to the last printed digit, and refuses absurd inputs."""

from __future__ import annotations

import html
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from hooks.content.blocks import Content
from hooks.recipes.costs.calculator import formula
from hooks.recipes.costs.formulas import COSTS
from hooks.rendering.environment import environment
from hooks.rendering.scope import Scope
from hooks.values import formatting
from hooks.values.value import Value
from tests.browser.conftest import LOOKS
from tests.support.costs import assumed, cost_report, rate
from tests.support.projects import ROOT

IMPORT = '{% from "macros/calculator.md.j2" import calculator with context %}'
OPERANDS = ("hour", "paid", "prompt", "output", "requests", "used")
ASSETS = ROOT / "docs" / "assets"
ALL = "calls => calls.map((call) => binderyCosts.shown(...call))"
WRONG = "Enter a number from 0.000001 to 1,000,000,000,000."


LOCALES = [pytest.param({"locale": name}, id=name) for name in ("de-DE", "ar-EG", "hi-IN", "tr-TR")]
"""Browsers that write a decimal comma, other digits, other groups of digits and other lower cases."""


@pytest.fixture(scope="module")
def content() -> Content:
    return cost_report()


@pytest.fixture(scope="module")
def markup(content: Content) -> str:
    """The inputs and the costs of TR119 as its page has them."""
    made = environment(ROOT / "templates").from_string(IMPORT + "{{ calculator(tables.costs_inputs, tables.costs) }}")
    return html.unescape(made.render({"scope": Scope(content), "tables": content.tables}))


@pytest.fixture
def page(browser: Browser, markup: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_context(**getattr(request, "param", {})) as context:
        tab, problems = context.new_page(), list[str]()
        tab.on("pageerror", lambda error: problems.append(str(error)))
        head = '<!doctype html><html lang="en"><head><title>Costs</title></head>'
        tab.set_content(f'{head}<body class="md-typeset"><main>{markup}</main>')
        tab.add_style_tag(path=ASSETS / "bindery.css")
        tab.add_script_tag(path=ASSETS / "calculator.js")
        yield tab
        assert problems == []


def lines(table: Locator, columns: slice) -> list[list[str]]:
    texts: list[list[str]] = table.evaluate(
        "table => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
    )
    return [row[columns] for row in texts]


def own(page: Page) -> Locator:
    return page.locator(".b-own table")


def test_the_page_and_the_calculator_agree_to_the_last_digit(page: Page) -> None:
    published = lines(page.locator("#table-costs"), slice(4, 9))
    assert len(published) > 1
    assert lines(own(page), slice(2, None)) == published
    labels = lines(page.locator("#table-costs"), slice(0, 2))
    assert lines(own(page), slice(0, 2)) == labels
    assert "in your browser" in (own(page).locator("caption").text_content() or "")
    assert own(page).locator("data, a").count() == 0, "what a browser computed looks like no published value"


def test_without_a_script_the_page_has_its_own_inputs_and_no_field(markup: str) -> None:
    assert "<input" not in markup
    assert 'id="table-costs_inputs"' in markup
    assert "in your browser" not in markup


def values(*found: Value) -> dict[str, Any]:
    return {name: value.number for name, value in zip(("prefill", "decode"), found, strict=True)}


def test_python_and_the_browser_give_the_same_text_for_any_inputs(page: Page) -> None:
    chance, calls, expected = random.Random(119), list[Any](), list[str]()
    for _ in range(60):
        rates = [rate(name, 10 ** chance.uniform(-1, 5), chance) for name in ("prefill", "decode")]
        base = assumed(0.085, 256, 128, 7_812_500, 100)
        given = assumed(
            10 ** chance.uniform(-4, 4),
            chance.randint(1, 10**6),
            chance.randint(1, 10**6),
            chance.randint(1, 10**10),
            chance.uniform(0.01, 100),
            chance.uniform(0.01, 100),
        )
        known = {getattr(base, name).id: name for name in OPERANDS} | dict(
            zip((one.id for one in rates), ("prefill", "decode"), strict=True)
        )
        names = {name: getattr(given, name).number for name in OPERANDS} | values(*rates)
        for _, make in COSTS.values():
            before, after = make(base, *rates), make(given, *rates)
            published: dict[str, Any] = {"number": before.number}
            if before.interval:
                published |= {"low": before.interval.low, "high": before.interval.high}
            calls.append([formula(before, known), names, published])
            expected.append(f"{after.figure} ({after.low}–{after.high})" if after.interval else after.figure)
    assert sum("(" in text for text in expected) == 120
    assert page.evaluate(ALL, calls) == expected


TYPED = (
    ("0.085", "100", "256", "128", "7812500", "100"),
    ("0.000001", "0.01", "1", "1", "1", "100"),
    ("1000000000000", "100", "1e12", "1E12", "1000000000000", "0.01"),
    (".5", "33.3", "1000", "1", "999", "12.5"),
    ("0.30000000000000004", "99.99", "1", "1000000000000", "3", "1e-2"),
    (" 12. ", "50", "7", "007", "123456789012", "66.6"),
)
"""What a reader types into the fields, in the order of the operands."""


def computed(content: Content, typed: Sequence[str]) -> list[list[str]]:
    """What Python computes of each row of the page with what was typed."""
    given = dict(zip(OPERANDS, map(float, typed), strict=True))
    table = content.tables["costs"]
    rates = [
        {column.formula: cell for column, cell in zip(table.columns, row, strict=True) if isinstance(cell, Value)}
        for row in table.rows
    ]
    costs = [[make(assumed(**given), row["prefill"], row["decode"]) for _, make in COSTS.values()] for row in rates]
    return [[f"{c.figure} ({c.low}–{c.high})" if c.interval else c.figure for c in row] for row in costs]


@pytest.mark.parametrize("page", [pytest.param({}, id="en"), *LOCALES], indirect=True)
def test_what_is_typed_gives_what_python_computes_whatever_the_locale(page: Page, content: Content) -> None:
    for typed in TYPED:
        for name, text in zip(OPERANDS, typed, strict=True):
            page.locator(f"input[name={name}]").fill(text)
        assert page.locator(".b-wrong").all_text_contents() == [""] * 6
        assert lines(own(page), slice(2, None)) == computed(content, typed), typed


@pytest.mark.parametrize("page", LOCALES, indirect=True)
def test_another_locale_changes_no_number_and_no_limit(page: Page) -> None:
    assert lines(own(page), slice(2, None)) == lines(page.locator("#table-costs"), slice(4, 9))
    field = page.locator("input[name=hour]")
    assert field.input_value() == "0.085"
    field.fill("0,085")
    assert page.locator(".b-wrong").first.text_content() == WRONG
    assert own(page).count() == 0


def test_a_number_is_written_as_python_writes_it(page: Page) -> None:
    chance, calls, expected = random.Random(4), list[Any](), list[str]()
    numbers = [10 ** chance.uniform(-9, 20) for _ in range(500)] + [
        0.0001,
        0.00012,
        0.5,
        2.5,
        998.5,
        999.5,
        1e15,
        2.0**53,
        7.0,
    ]
    for number in numbers:
        calls.append(["x", {"x": number}, {"number": number}])
        expected.append(formatting.figure(number, formatting.place(number)))
        low, high = number * (1 - chance.random() / 3), number * (1 + chance.random() / 3)
        at = formatting.place(number, low, high)
        calls.append(["x", {"x": number}, {"number": number, "low": low, "high": high}])
        expected.append(f"{formatting.figure(number, at)} ({formatting.figure(low, at)}–{formatting.figure(high, at)})")
    assert page.evaluate(ALL, calls) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "Infinity",
        "1e400",
        "-1",
        "0",
        "1e-400",
        "0x10",
        "1,5",
        "one",
        "1 2",
        "💸",
        "\u2212" + "1",
        "+1",
        "\uff11",
        "0.0\uff18",
        "\u0663",
        "1,000",
        "1.000,5",
        "1\u00a0000",
        "1'000",
        "1_000",
        "1e",
        "1e1.5",
        "½",
        "1%",
        "$1",
        "1000000000001",
        "0.0000009",
        "1n",
        "9" * 400,
    ],
)
def test_an_absurd_input_is_one_line_and_no_result(page: Page, text: str) -> None:
    field = page.locator("input[name=hour]")
    field.fill(text)
    assert page.locator(".b-wrong").all_text_contents() == [WRONG, *[""] * 5]
    assert field.get_attribute("aria-invalid") == "true"
    assert own(page).count() == 0
    page.locator(".b-own button").click()
    assert page.locator(".b-wrong").all_text_contents() == [""] * 6
    assert own(page).count() == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("prompt", "0", "Enter a whole number from 1 to 1,000,000,000,000."),
        ("output", "1.5", "Enter a whole number from 1 to 1,000,000,000,000."),
        ("requests", "1e13", "Enter a whole number from 1 to 1,000,000,000,000."),
        ("paid", "100.01", "Enter a number from 0.01 to 100."),
        ("used", "101", "Enter a number from 0.01 to 100."),
        ("used", "0", "Enter a number from 0.01 to 100."),
    ],
)
def test_each_field_says_what_it_takes(page: Page, name: str, text: str, said: str) -> None:
    page.locator(f"input[name={name}]").fill(text)
    assert [line for line in page.locator(".b-wrong").all_text_contents() if line] == [said]
    assert own(page).count() == 0


def test_twice_the_price_is_twice_the_cost(page: Page) -> None:
    before = lines(own(page), slice(3, 4))
    page.locator("input[name=hour]").fill("0.17")
    after = lines(own(page), slice(3, 4))
    for one, other in zip(before, after, strict=True):
        assert formatting.parse(other[0].partition(" ")[0]) == pytest.approx(
            2 * formatting.parse(one[0].partition(" ")[0]), rel=0.01
        )


@pytest.mark.parametrize("mistake", ["", "0"])
@pytest.mark.parametrize("page", LOOKS, indirect=True)
def test_the_calculator_is_accessible_and_as_wide_as_its_page(page: Page, mistake: str) -> None:
    if mistake:
        page.locator("input[name=hour]").fill(mistake)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    found = Axe().run(page, context=".b-own")
    assert found.violations_count == 0, found.generate_report()


def test_a_rate_of_zero_or_a_missing_rate_gives_no_result(page: Page) -> None:
    found = page.evaluate("[0, NaN].map((decode) => binderyCosts.shown('(hour / decode)', { hour: 1, decode }, {}))")
    assert found == ["—", "—"]


def test_a_page_whose_own_result_is_zero_or_none_gives_no_interval_and_ends(page: Page) -> None:
    own_results = "[{number: 0, low: 0, high: 0}, {number: NaN, low: 1, high: 2}, {number: 1, low: 0, high: Infinity}]"
    found = page.evaluate(f"{own_results}.map((own) => binderyCosts.shown('hour', {{ hour: 1.5 }}, own))")
    assert found == ["—", "—", "—"]


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("0." + "0" * 5 + "1" * 100_000, True),
        ("1" * 100_000, False),
        ("0" * 100_000 + "1", True),
        ("-0", False),
        ("-0.0", False),
        ("1e309", False),
        ("1e-7", False),
        ("\u00a01\u2003", True),
        ("\u200b1", False),
        ("1\u202f000", False),
        ("1'000", False),
        ("1_000", False),
        ("1e", False),
        (".", False),
        ("1.2.3", False),
        ("1/2", False),
        ("$1", False),
        ("1 USD", False),
        ("\u00bd", False),
        ("<b>1</b>", False),
    ],
)
def test_absurd_text_is_a_number_or_one_plain_error(page: Page, text: str, usable: bool) -> None:
    page.locator("input[name=hour]").evaluate(
        "(field, text) => { field.value = text; field.dispatchEvent(new Event('input')); }", text
    )
    assert page.locator(".b-wrong").first.text_content() == ("" if usable else WRONG)
    assert own(page).count() == usable
    assert "NaN" not in (page.locator(".b-own").text_content() or "")
    assert "Infinity" not in (page.locator(".b-own").text_content() or "")
