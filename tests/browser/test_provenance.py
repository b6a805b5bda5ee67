"""What stands behind a number: by mouse, by keyboard, by touch."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Watched

REPORT, ROWS = "reports/tr108.html", "reports/tr108/numbers.html"


def number(tab: Watched) -> Locator:
    """The first number of the results table."""
    return tab.page.locator("#table-arms a:has(> data)").first


def named(tab: Watched) -> str:
    """The name of the row of the first number: the end of the id of its value."""
    return (number(tab).get_attribute("href") or "").partition("#n-")[2]


def stated_of(site: Path, page: str, key: str) -> dict[str, Any]:
    """What a page states of the value with that row."""
    values = json.loads((site / page / "values.json").read_bytes())["values"]
    (found,) = (value for name, value in values.items() if name.endswith(f"-{key}"))
    return dict(found)


def test_a_click_shows_everything_about_a_number(tab: Watched, site: Path) -> None:
    tab.page.goto(REPORT)
    number(tab).click()
    shown = tab.page.locator("#b-provenance")
    expect(shown).to_be_visible()
    key = named(tab)
    stated = stated_of(site, "reports/tr108", key)
    text = shown.text_content() or ""
    for part in (
        stated["text"],
        repr(stated["number"]),
        str(stated["n"]),
        "time to first token",
        f"reports value {key}",
    ):
        assert part in text
    behind = stated["interval"]["method"] if stated["interval"] else stated["caution"]
    for part in (behind, "measured", "tr108/v1", "Synthetic CPU", stated["question"]["digest"]):
        assert part in text


def test_a_dot_for_each_run_behind_a_number_stands_in_the_row_of_its_session(tab: Watched, site: Path) -> None:
    tab.page.goto(REPORT)
    number(tab).click()
    key = named(tab)
    lines = (site / "reports/tr108/samples.csv").read_text(encoding="utf-8").splitlines()
    runs = [float(number) for value, _, _, number in (line.split(",") for line in lines) if value.endswith(f"-{key}")]
    drawn = tab.page.locator("#b-provenance .b-runs")
    expect(drawn.locator("circle")).to_have_count(len(runs))
    expect(drawn).to_have_attribute(
        "aria-label", re.compile(rf"^{len(runs)} runs in one session, from .* ms to .* ms$")
    )
    places = [float(dot.get_attribute("cx") or 0) for dot in drawn.locator("circle").all()]
    assert sorted(range(len(runs)), key=places.__getitem__) == sorted(range(len(runs)), key=runs.__getitem__)


def test_a_number_computed_from_others_claims_no_runs_of_its_own(tab: Watched) -> None:
    tab.page.goto(REPORT)
    tab.page.locator('#table-settings a:has(> data), article a:has(> data:text-matches("×$"))').first.click()
    shown = tab.page.locator("#b-provenance")
    expect(shown.locator("dt", has_text="status")).to_be_visible()
    expect(shown).not_to_contain_text("samples.csv")


def test_the_keyboard_opens_and_closes_it_and_keeps_its_place(tab: Watched) -> None:
    tab.page.goto(REPORT)
    number(tab).focus()
    tab.page.keyboard.press("Enter")
    shown = tab.page.locator("#b-provenance")
    expect(shown).to_be_visible()
    expect(shown.locator("h2")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(number(tab)).to_be_focused()
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("Enter")
    expect(shown).to_be_visible()


@pytest.mark.parametrize("tab", [{"has_touch": True, "viewport": {"width": 390, "height": 844}}], indirect=True)
def test_a_tap_opens_it_and_a_tap_beside_closes_it(tab: Watched) -> None:
    tab.page.goto(REPORT)
    tab.page.locator("article .bc a:has(> data)").first.tap()
    shown = tab.page.locator("#b-provenance")
    expect(shown).to_be_visible()
    tab.page.touchscreen.tap(5, 5)
    expect(shown).to_be_hidden()


def test_a_derived_number_leads_to_its_parents(tab: Watched, site: Path) -> None:
    tab.page.goto("contradictions.html")
    linked = set(tab.page.eval_on_selector_all("article a:has(> data)", "all => all.map(one => one.hash.slice(3))"))
    key = min(key for key in linked if stated_of(site, "contradictions", key)["parents"])
    tab.page.locator(f'article a:has(> data)[href$="#n-{key}"]').first.click()
    shown = tab.page.locator("#b-provenance")
    parents = shown.locator('a[href*="#n-"] data')
    assert parents.count() == len(stated_of(site, "contradictions", key)["parents"])
    first = parents.first.text_content()
    parents.first.click()
    expect(shown.locator("h2")).to_contain_text(first or "?")


def test_the_link_into_the_table_leads_to_the_row_on_the_page_of_the_numbers(tab: Watched) -> None:
    tab.page.goto(REPORT)
    key = named(tab)
    number(tab).click()
    tab.page.get_by_role("link", name="See it in the table").click()
    tab.page.wait_for_url(f"**/{ROWS}#*")
    expect(tab.page.locator("tr:target")).to_have_id(f"n-{key}")
    expect(tab.page.locator("#b-provenance")).to_be_hidden()
    expect(tab.page.locator(f'[id="n-{key}"]')).to_be_in_viewport()


def test_a_number_of_another_machine_tells_of_its_own_recording(tab: Watched, site: Path) -> None:
    tab.page.goto(ROWS)
    other = tab.page.locator("table[data-findings] td:nth-child(3) a:has(> data)").first
    other.dispatch_event("click")
    text = tab.page.locator("#b-provenance").text_content() or ""
    (stated,) = json.loads((site / "reports/tr108/values.json").read_bytes())["recordings"]
    for part in ("tr108/v2", stated["digest"], "Other CPU"):
        assert part in text
    assert "Synthetic CPU" not in text


def test_a_claim_of_another_recording_shows_its_own_sentence_and_links(tab: Watched) -> None:
    tab.page.goto(ROWS)
    pair = tab.page.locator("tr[data-claim-pair] > td .bc:has(a > data)").first
    pair.locator(".bc-state").dispatch_event("click")
    shown = tab.page.locator("#b-provenance")
    assert (pair.locator(".bc-text").text_content() or "").strip() in (shown.text_content() or "")
    leads = shown.locator("dd a[href*='#n-']").first.get_attribute("href") or ""
    assert urlsplit(leads).path.endswith(f"/{ROWS}")


def test_the_page_of_the_numbers_is_fetched_once(tab: Watched) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.page.goto(REPORT)
    tab.page.wait_for_load_state("networkidle")
    assert not any(url.endswith(ROWS) for url in asked), "a reader who asks nothing loads nothing"
    shown = tab.page.locator("#b-provenance")
    for place in (0, 1):
        tab.page.locator("#table-arms a:has(> data)").nth(place).click()
        expect(shown).to_be_visible()
        tab.page.keyboard.press("Escape")
    assert [url.endswith(ROWS) for url in asked].count(True) == 1


def test_both_pages_tell_the_same_of_a_number(tab: Watched) -> None:
    """On the page of the numbers the report is asked for claims and datasets."""
    tab.page.goto(REPORT)
    link = tab.page.locator("article .bc a:has(> data)").first
    key = (link.get_attribute("href") or "").partition("#n-")[2]
    shown, said = tab.page.locator("#b-provenance"), []
    link.click()
    expect(shown).to_be_visible()
    said.append((shown.text_content(), shown.locator("a").evaluate_all("all => all.map(one => one.href)")))
    tab.page.goto(ROWS)
    tab.page.locator("article p a").first.evaluate("(link, hash) => { link.href = hash; link.click(); }", f"#n-{key}")
    expect(shown).to_be_visible()
    said.append((shown.text_content(), shown.locator("a").evaluate_all("all => all.map(one => one.href)")))
    assert said[0] == said[1]
    assert "tested in" in (said[0][0] or "")
    assert "tr108/v1" in (said[0][0] or "")


def test_where_the_numbers_cannot_be_fetched_the_link_is_followed(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto(REPORT)
        page.route(
            f"**/{ROWS}", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
        )
        page.locator("#table-arms a:has(> data)").first.click()
        page.wait_for_url(f"**/{ROWS}#n-*")
