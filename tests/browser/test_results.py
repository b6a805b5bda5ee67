"""Compare, Advisor and History in a browser: filters, order and a shared address; on a phone; without a script."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watched
from tests.browser.test_first_screen import OVERLAPS

PAGES = ("compare.html", "compare/decode-tps.html", "advisor.html", "history.html", "history/tr108.html")
SPEED = "compare/decode-tps.html"
NUMBERS = """(place) => [...document.querySelectorAll(".b-index tbody tr:not([hidden])")]
  .map((row) => row.cells[place].querySelector("data[value]")).filter(Boolean).map((one) => Number(one.value))"""

ONE_ROW = """document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".b-index[data-first]").dataset.first = "1";
})"""


def shown(page: Page) -> int:
    return page.locator(".b-index tbody tr:visible").count()


def test_results_are_filtered_sorted_and_shared_by_their_address(tab: Watched, browser: Browser, address: str) -> None:
    page = tab.page
    page.goto("compare.html?metric=decode+rate")
    page.wait_for_url(f"**/{SPEED}*")
    everything = shown(page)
    page.get_by_label("Model").select_option("SmolLM2 135M")
    assert 0 < shown(page) < everything
    assert (page.locator(".b-filters output").text_content() or "").startswith(f"{shown(page)} of {everything} results")
    value = page.locator(".b-index th button", has_text="value")
    value.click()
    rising = page.evaluate(NUMBERS, 2)
    assert rising == sorted(rising)
    value.click()
    assert page.evaluate(NUMBERS, 2) == sorted(rising, reverse=True)
    assert page.locator('.b-index th[aria-sort="descending"]').text_content() == "value"
    asked = parse_qs(urlsplit(page.url).query)
    assert asked == {"model": ["SmolLM2 135M"], "order": ["-2"]}
    rows = page.locator(".b-index tbody tr:visible").all_text_contents()
    with browser.new_context(base_url=address) as context:
        other = context.new_page()
        other.goto(page.url)
        assert other.locator(".b-index tbody tr:visible").all_text_contents() == rows


def test_advice_keeps_a_latency_and_says_where_there_is_none(tab: Watched) -> None:
    page = tab.page
    page.goto("advisor.html")
    everything = shown(page)
    assert everything > 0
    output = page.locator(".b-filters output")
    assert "Nothing is recommended" not in (output.text_content() or "")
    page.get_by_label("Latency to keep, in ms").fill("0.000001")
    assert shown(page) == 0
    assert "Nothing is recommended here" in (output.text_content() or "")
    assert "most=0.000001" in page.url
    page.get_by_label("Latency to keep, in ms").fill("")
    assert shown(page) == everything


def test_few_rows_are_shown_until_a_reader_asks_for_all(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.add_init_script(ONE_ROW)
        page.goto("advisor.html")
        everything = page.locator(".b-index tbody tr").count()
        assert everything > 1
        assert shown(page) == 1
        assert (page.locator(".b-filters output").text_content() or "").startswith(f"{everything} of {everything} ")
        last = page.locator(".b-index tbody tr").last.locator("td").nth(4).text_content() or ""
        page.get_by_label("Words").fill(last[:40])
        assert shown(page) == 1
        page.get_by_label("Words").fill("")
        page.get_by_role("button", name=f"Show all {everything} claims").click()
        assert shown(page) == everything
        assert not page.locator(".b-more").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_without_a_script(browser: Browser, address: str, name: str) -> None:
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(name)
        assert page.locator(".b-filters").count() == 0
        assert page.locator(".b-index tbody tr:visible").count() == page.locator(".b-index tbody tr").count()
        assert page.locator("table").count() > 0
        assert page.locator("a[href*='#n-']").count() > 0


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(browser: Browser, address: str, name: str, width: int) -> None:
    with browser.new_context(base_url=address, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(name)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERLAPS) == []


def test_on_a_phone_a_row_shows_its_number_with_its_name(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(SPEED)
        row = page.locator(".b-index tbody tr").first
        for part in ("th a", "td:nth-child(3) data >> nth=0"):
            box = row.locator(part).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360


def test_an_old_address_of_a_chart_leads_to_the_page_of_its_study(tab: Watched) -> None:
    tab.page.goto("history.html#figure-tr108-ttft")
    tab.page.wait_for_url("**/history/tr108.html#figure-tr108-ttft")
    assert tab.page.locator("#figure-tr108-ttft").is_visible()
