"""Charts: complete before any script runs, upgraded when seen, and in step with the page around them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Watched

REPORT = "reports/tr108.html"
UPGRADED = "figure.b-chart[data-upgraded]"


def upgrade(page: Page) -> int:
    """Scrolls to every chart and waits until each is live; returns how many there are."""
    charts = page.locator("figure.b-chart")
    for number in range(charts.count()):
        charts.nth(number).scroll_into_view_if_needed()
        expect(charts.nth(number)).to_have_attribute("data-upgraded", "true", timeout=20_000)
    return charts.count()


def inks(page: Page) -> set[str]:
    return set(page.eval_on_selector_all(".b-chart-live svg [fill]", "all => all.map(one => one.getAttribute('fill'))"))


def test_charts_wait_until_they_are_seen(tab: Watched) -> None:
    loaded: list[str] = []
    tab.page.on("request", lambda request: loaded.append(request.url))
    tab.page.goto(REPORT)
    tab.page.wait_for_load_state("networkidle")
    assert not [url for url in loaded if "/vega." in url or "/charts/" in url]
    assert upgrade(tab.page) >= 3
    assert len([url for url in loaded if "/vega." in url]) == 1


def test_charts_follow_the_palette(tab: Watched) -> None:
    tab.page.goto(REPORT)
    upgrade(tab.page)
    light = inks(tab.page)
    assert "#0a66a8" in light
    tab.page.locator("label[for=__palette_1]").click()
    tab.page.wait_for_function(
        "[...document.querySelectorAll('.b-chart-live svg [fill]')].some(e => e.getAttribute('fill') === '#62b5f2')"
    )
    dark = inks(tab.page)
    assert "#0a66a8" not in dark
    tab.page.locator("label[for=__palette_0]").click()
    tab.page.wait_for_function(
        "[...document.querySelectorAll('.b-chart-live svg [fill]')].some(e => e.getAttribute('fill') === '#0a66a8')"
    )
    assert inks(tab.page) == light


def test_charts_survive_instant_navigation_and_back(tab: Watched) -> None:
    tab.page.goto(REPORT)
    tab.page.evaluate("window.sameDocument = true")
    number = upgrade(tab.page)
    tab.page.locator("nav.md-nav--primary a", has_text="Coverage").first.click()
    tab.page.wait_for_url("**/coverage.html*")
    tab.page.go_back()
    tab.page.wait_for_url(f"**/{REPORT}*")
    expect(tab.page.locator("h1")).to_contain_text("TR108")
    expect(tab.page.locator("figure.b-chart")).to_have_count(number)
    assert upgrade(tab.page) == number
    assert tab.page.evaluate("window.sameDocument"), "the navigation was not instant"
    tab.page.locator("article a.bv-link").first.click()
    expect(tab.page.locator("#b-provenance")).to_be_visible()


def test_a_chart_in_a_closed_tab_is_drawn_when_the_tab_is_opened(tab: Watched) -> None:
    tab.page.goto(REPORT)
    figure = tab.page.locator(".tabbed-block figure.b-chart")
    tab.page.locator(".tabbed-set > input").nth(1).evaluate("choice => choice.click()")
    tab.page.locator(".tabbed-labels").scroll_into_view_if_needed()
    tab.page.wait_for_timeout(300)
    expect(figure).to_be_hidden()
    assert figure.get_attribute("data-upgraded") is None
    tab.page.locator(".tabbed-labels label", has_text="Drawn").click()
    expect(figure).to_have_attribute("data-upgraded", "true", timeout=20_000)
    assert (figure.locator(".b-chart-live svg").bounding_box() or {"width": 0})["width"] > 200


def test_a_chart_and_its_table_say_the_same(tab: Watched) -> None:
    tab.page.goto(REPORT)
    upgrade(tab.page)
    figure = tab.page.locator("figure.b-chart").first
    figure.locator("summary").press("Enter")
    table = figure.locator("table")
    expect(table).to_be_visible()
    dots = figure.locator(".b-chart-live .mark-symbol.role-mark path")
    assert dots.count() == table.locator("tbody tr").count()


def test_tooltips_show_the_formatted_text(tab: Watched) -> None:
    tab.page.goto(REPORT)
    upgrade(tab.page)
    figure = tab.page.locator("figure.b-chart").first
    figure.locator(".b-chart-live .mark-symbol.role-mark path").first.hover(force=True)
    tip = tab.page.locator("#vg-tooltip-element")
    expect(tip).to_be_visible()
    texts = figure.locator("table data").all_text_contents()
    assert any(text in (tip.text_content() or "") for text in texts)


def test_printed_pages_have_charts_and_tables_in_light_colours(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(REPORT)
        upgrade(page)
        page.emulate_media(media="print")
        for figure in page.locator("figure.b-chart").all():
            expect(figure.locator(".b-chart-view svg")).to_be_visible()
            expect(figure.locator(".b-chart-live")).to_be_hidden()
        ink = page.locator(".b-chart-view svg text").first.evaluate("text => getComputedStyle(text).fill")
        assert ink in ("rgb(38, 39, 43)", "rgb(93, 95, 105)")
        expect(page.locator("#table-arms")).to_be_visible()
        expect(page.locator(".tabbed-block", has_text="A first request waits.")).to_be_visible()
        wanted = page.locator("#table-arms data, #table-arms caption, figure.b-chart data").all_text_contents()
        drawn = page.locator(".b-chart-view svg .role-axis-label text").all_text_contents()
        printed = _words(*(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages))
        assert len(drawn) > 10
        assert [text for text in (*wanted, *drawn) if _words(text) not in printed] == []


def _words(*texts: str) -> str:
    """Without spaces, which a PDF does not have: it has places."""
    return "".join("".join(texts).split())


@pytest.mark.parametrize("name", ["reports/tr108.html", "index.html"])
def test_the_site_works_from_a_folder(browser: Browser, site: Path, name: str) -> None:
    with browser.new_context() as context:
        tab = Watched(context, site.as_uri())
        tab.page.goto((site / name).as_uri())
        number = upgrade(tab.page)
        assert number >= 3 or name == "index.html"
        tab.page.locator("article a.bv-link").first.click()
        expect(tab.page.locator("#b-provenance")).to_be_visible()
        assert tab.problems == []
