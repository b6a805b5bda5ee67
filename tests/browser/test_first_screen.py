"""What a reader meets first: the answer, without a shift, a few steps of the keyboard away, and no label on another."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watched

REPORT = "reports/tr108.html"
WIDTHS = (320, 360, 768, 1280, 1600)
MOST_STEPS, MOST_SHIFT = 10, 0.02
OVERLAPS = """() => {
  const found = [];
  for (const drawing of document.querySelectorAll(".b-chart-view svg")) {
    if (!drawing.getClientRects().length) continue;
    const whole = drawing.getBoundingClientRect();
    const texts = [...drawing.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()]);
    for (const [said, box] of boxes) {
      if (said.endsWith("…") || box.left < whole.left - 1 || box.right > whole.right + 1) found.push(`${said} is cut`);
    }
    const size = Math.min(...texts.map((text) => 12 * Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b)));
    if (size < 10.9) found.push(`labels are ${size.toFixed(1)} pixels high`);
    for (let k = 0; k < boxes.length; k++) for (let m = k + 1; m < boxes.length; m++) {
      const [one, a] = boxes[k], [other, b] = boxes[m];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 3) found.push(`${one} on ${other}`);
    }
  }
  return found;
}"""
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 500);
})"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_of_a_chart_lies_on_another(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(base_url=address, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        for address_of, fewest in ((REPORT, 3), ("history/tr108.html", 1)):
            page.goto(address_of)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert page.locator(".b-chart-view svg:visible").count() >= fewest
            assert page.evaluate(OVERLAPS) == [], address_of


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_report_loads(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(base_url=address, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(REPORT)
        assert page.evaluate(SHIFTS) <= MOST_SHIFT


def test_the_first_number_is_within_a_few_steps_of_the_tab_key(tab: Watched) -> None:
    tab.page.goto(REPORT)
    for _ in range(MOST_STEPS):
        tab.page.keyboard.press("Tab")
        if tab.page.evaluate("document.activeElement.matches('article a:has(> data)')"):
            return
    pytest.fail(
        f"after {MOST_STEPS} steps the focus is on {tab.page.evaluate('document.activeElement.outerHTML')[:200]}"
    )


def test_a_badge_opens_what_it_rests_on(tab: Watched) -> None:
    tab.page.goto(REPORT)
    badge = tab.page.locator("article a.bc-state").first
    badge.click()
    text = tab.page.locator("#b-provenance").text_content() or ""
    for part in (badge.text_content() or "?", "it is tested by", "reach", "numbers"):
        assert part in text


def test_a_fold_opens_for_what_is_inside(tab: Watched) -> None:
    tab.page.goto(f"{REPORT}#audit")
    assert tab.page.locator("#audit").evaluate("heading => heading.closest('details').open")
    tab.page.goto(REPORT)
    tab.page.locator(".b-jump a", has_text="Method").click()
    assert tab.page.locator("#method").evaluate("heading => heading.closest('details').open")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("section", ["results", "limitations", "method", "provenance"])
def test_a_jump_shows_the_heading_below_the_bar_and_stays_in_the_address(
    tab: Watched, width: int, section: str
) -> None:
    tab.page.set_viewport_size({"width": width, "height": 800})
    tab.page.goto(REPORT)
    tab.page.locator(f".b-jump a[href='#{section}']").click()
    tab.page.wait_for_function(
        """(id) => {
          const heading = document.getElementById(id).getBoundingClientRect();
          const bar = document.querySelector(".b-jump").getBoundingClientRect();
          return scrollY > 0 && heading.top >= bar.bottom && heading.bottom < innerHeight;
        }""",
        arg=section,
    )
    tab.page.wait_for_timeout(500)
    assert urlsplit(tab.page.url).fragment == section


def test_the_list_of_reports_is_filtered_by_its_address(tab: Watched, site: Path) -> None:
    tab.page.goto("reports/index.html?status=%E2%97%8B+planned")
    shown = tab.page.locator(".b-index tbody tr:visible")
    assert shown.count() == tab.page.locator(".b-index tbody tr").count() - 1
    tab.page.locator(".b-filters input").fill("Python Multi-Agent")
    assert shown.count() == 1
    assert "words=Python" in tab.page.url
    tab.page.locator(".b-index th button").first.click()
    assert tab.page.locator(".b-index th").first.get_attribute("aria-sort") == "ascending"
