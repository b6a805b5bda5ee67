"""Charts: complete without a script, in step with the page around them, and every point leads to its runs."""

from __future__ import annotations

import io
from pathlib import Path

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.conftest import Watched

REPORT = "reports/tr108.html"
INK = "text => getComputedStyle(text).fill"
LIGHT, DARK = "rgb(11, 98, 164)", "rgb(108, 182, 245)"


def test_drawings_follow_the_palette(tab: Watched) -> None:
    tab.page.goto(REPORT)
    line = tab.page.locator("#figure-hero .b-wide .mark-line path").first
    assert line.evaluate("line => getComputedStyle(line).stroke") == LIGHT
    tab.page.locator("label[for=__palette_1]").click()
    expect(line).to_have_css("stroke", DARK)


def test_points_lead_to_their_runs_by_mouse_and_by_keyboard(tab: Watched) -> None:
    tab.page.goto(REPORT)
    points = tab.page.locator("#figure-hero .b-wide svg a")
    assert points.count() == tab.page.locator("#figure-hero tbody tr").count()
    points.last.click()
    shown = tab.page.locator("#b-provenance")
    expect(shown).to_be_visible()
    tab.page.keyboard.press("Escape")
    expect(points.last).to_be_focused()
    tab.page.keyboard.press("ArrowRight")
    expect(points.first).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(shown).to_be_visible()
    assert [point.get_attribute("tabindex") for point in points.all()].count("0") == 1


def test_the_drawing_is_one_for_its_width(tab: Watched) -> None:
    tab.page.goto(REPORT)
    wide, narrow = (tab.page.locator(f"#figure-hero .b-{name}") for name in ("wide", "narrow"))
    expect(wide).to_be_visible()
    expect(narrow).to_be_hidden()
    tab.page.set_viewport_size({"width": 360, "height": 800})
    expect(narrow).to_be_visible()
    expect(wide).to_be_hidden()


def test_charts_are_there_after_going_away_and_back(tab: Watched) -> None:
    tab.page.goto(REPORT)
    number = tab.page.locator("figure.b-chart").count()
    tab.page.locator("nav.md-tabs a", has_text="Trust").click()
    tab.page.wait_for_url("**/trust.html*")
    tab.page.go_back()
    tab.page.wait_for_url(f"**/{REPORT}*")
    expect(tab.page.locator("figure.b-chart")).to_have_count(number)
    tab.page.locator("#figure-hero .b-wide svg a").last.click()
    expect(tab.page.locator("#b-provenance")).to_be_visible()


def test_a_chart_and_its_table_say_the_same(tab: Watched) -> None:
    tab.page.goto(REPORT)
    figure = tab.page.locator("#figure-ttft")
    figure.locator("summary").press("Enter")
    table = figure.locator("table")
    expect(table).to_be_visible()
    points = figure.locator(".b-wide .mark-symbol.role-mark :is(path, circle:not([opacity]))")
    assert points.count() == table.locator("tbody tr").count()


def test_printed_pages_have_charts_and_tables_in_light_colours(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address, color_scheme="dark") as context:
        page = context.new_page()
        page.goto(REPORT)
        page.emulate_media(media="print")
        ink = page.locator("#figure-ttft svg text").first.evaluate(INK)
        assert ink in ("rgb(26, 29, 36)", "rgb(84, 90, 103)")
        expect(page.locator("#table-arms")).to_be_visible()
        expect(page.locator(".b-paper svg")).to_be_visible()
        expect(page.locator(".b-paper")).to_contain_text(address + REPORT)
        expect(page.locator(".tabbed-block", has_text="A first request waits.")).to_be_visible()
        wanted = page.locator("#table-arms data, #table-arms caption").all_text_contents()
        drawn = page.locator("#figure-ttft .b-wide .role-axis-label text").all_text_contents()
        sheets = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
        printed = _words(*(sheet.extract_text() for sheet in sheets))
        assert len(drawn) > 3
        assert [text for text in (*wanted, *drawn) if _words(text) not in printed] == []
        assert len(sheets) <= 14


def _words(*texts: str) -> str:
    """Without spaces, which a PDF does not have: it has places."""
    return "".join("".join(texts).split())


def test_the_site_works_from_a_folder(browser: Browser, site: Path) -> None:
    """A script may read no file there, so a number of a report leads to its row."""
    with browser.new_context() as context:
        tab = Watched(context, site.as_uri())
        tab.page.goto((site / "index.html").as_uri())
        tab.page.locator("article a:has(> data)").first.click()
        expect(tab.page.locator("#b-provenance")).to_be_visible()
        tab.page.goto((site / REPORT).as_uri())
        tab.page.locator("article a:has(> data)").first.click()
        tab.page.wait_for_url("**/reports/tr108/numbers.html#n-*")
        expect(tab.page.locator("tr:target")).to_be_in_viewport()
        assert tab.problems == []
