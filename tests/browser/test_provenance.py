"""What stands behind a number: by mouse, by keyboard, by touch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Watched

REPORT = "reports/tr108.html"


def number(tab: Watched) -> Locator:
    """The first number of the results table."""
    return tab.page.locator("#table-arms a.bv-link").first


def named(tab: Watched) -> str:
    """Which value the first number is."""
    return (number(tab).get_attribute("href") or "").partition("#n-")[2]


def test_a_click_shows_everything_about_a_number(tab: Watched, site: Path) -> None:
    tab.page.goto(REPORT)
    number(tab).click()
    shown = tab.page.locator("#b-provenance")
    expect(shown).to_be_visible()
    key = named(tab)
    stated = json.loads((site / "reports/tr108/values.json").read_bytes())["values"][key]
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
    tab.page.locator("article .bc a.bv-link").first.tap()
    shown = tab.page.locator("#b-provenance")
    expect(shown).to_be_visible()
    tab.page.touchscreen.tap(5, 5)
    expect(shown).to_be_hidden()


def test_a_derived_number_leads_to_its_parents(tab: Watched, site: Path) -> None:
    stated = json.loads((site / "contradictions/values.json").read_bytes())["values"]
    tab.page.goto("contradictions.html")
    linked = set(tab.page.eval_on_selector_all("article a.bv-link", "all => all.map(one => one.hash.slice(3))"))
    key = min(key for key in linked if stated[key]["parents"])
    tab.page.locator(f'article a.bv-link[href$="#n-{key}"]').first.click()
    shown = tab.page.locator("#b-provenance")
    parents = shown.locator('a[href*="#n-"] data')
    assert parents.count() == len(stated[key]["parents"])
    first = parents.first.text_content()
    parents.first.click()
    expect(shown.locator("h2")).to_contain_text(first or "?")


def test_the_link_into_the_table_closes_the_dialog(tab: Watched) -> None:
    tab.page.goto(REPORT)
    number(tab).click()
    key = named(tab)
    tab.page.get_by_role("link", name="See it in the table").click()
    expect(tab.page.locator("#b-provenance")).to_be_hidden()
    expect(tab.page.locator(f'[id="n-{key}"]')).to_be_in_viewport()


def test_a_number_of_another_machine_tells_of_its_own_recording(tab: Watched, site: Path) -> None:
    tab.page.goto(REPORT)
    other = tab.page.locator("table[data-findings] td:nth-child(3) a.bv-link").first
    other.dispatch_event("click")
    text = tab.page.locator("#b-provenance").text_content() or ""
    (stated,) = json.loads((site / "reports/tr108/values.json").read_bytes())["recordings"]
    for part in ("tr108/v2", stated["digest"], "Other CPU"):
        assert part in text
    assert "Synthetic CPU" not in text
