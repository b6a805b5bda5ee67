"""Every published report in a browser: labels lie on no other, few sheets print it, and search finds it."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.test_first_screen import MOST_STEPS, OVERLAPS, WIDTHS

MOST_SHEETS, MOST_OF_INDEX = 14, 8
INDEXES = "reports/index.html", "series.html"
"""The list of reports, and its long form."""
SOUGHT = {
    "TTFT": "tr117",
    "time to first token": "tr117",
    "fastest engine": "tr117",
    "dual_short": "tr117",
    "micro": "tr117",
    "llama.cpp": "tr117",
    "transformers-cpu-compile": "tr117",
    "ITL": "tr108",
    "TPOT": "tr108",
    "threads": "tr108",
    "concurrency": "tr110",
    "Rust vs Python": "tr112",
    "tokio": "tr115",
    "httpx": "tr117-agents",
    "onnxruntime": "tr118",
    "energy": "tr119",
    "cost": "tr119",
    "torch.compile": "tr120",
    "KV cache": "tr122",
}
"""What people type, and the report that they look for."""

CHARTS_ALONE = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  document.querySelectorAll("article table").forEach((one) => one.remove());
  const shown = document.createElement("style");
  shown.textContent = ".b-switch:has(input) > .b-case.b-case { display: block !important; }";
  document.head.append(shown);
}"""
"""Opens all folds, shows every drawing of which one is chosen, and takes away tables, which take long to lay out."""


POINTS = """figure => [...figure.querySelectorAll(".b-wide svg a")].map((point) => {
  const box = point.getBoundingClientRect();
  const row = [...figure.querySelectorAll("tbody tr")]
    .find((row) => row.lastElementChild.querySelector("a").getAttribute("href") === point.getAttribute("href"));
  return [Number(row.querySelector("td:last-child data").value), box.x + box.width / 2, -box.y - box.height / 2];
})"""
"""Of each point of a figure the number that it leads to, and how far right and how high it stands."""
POINTED = {"tr113": ("wall", 1), "tr115": ("spread", 1), "tr118": ("trade", 2), "tr121": ("decode", 2)}
"""Figures whose numbers stand on one axis: across (1) or up (2)."""


def reports(site: Path) -> list[Path]:
    """The pages of the reports that are no plans."""
    found = sorted(
        page for page in (site / "reports").glob("tr*.html") if "b-first" in page.read_text(encoding="utf-8")
    )
    assert len(found) > 10
    return found


def test_no_label_of_a_report_lies_on_another(browser: Browser, published_site: Path) -> None:
    with browser.new_context() as context:
        page, found = context.new_page(), {}
        for report in reports(published_site):
            page.goto(report.as_uri())
            assert page.locator(".b-hero .b-chart-view svg, .b-hero table").count() > 0, report.stem
            page.evaluate(CHARTS_ALONE)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert page.locator(".b-case:visible").count() == page.locator(".b-case").count()
                found[report.stem, width] = page.evaluate(OVERLAPS)
        assert {place: labels for place, labels in found.items() if labels} == {}


def test_a_report_prints_on_few_sheets(browser: Browser, published_site: Path) -> None:
    with browser.new_context() as context:
        page, sheets = context.new_page(), {}
        page.emulate_media(media="print")
        for report in reports(published_site):
            page.goto(report.as_uri())
            sheets[report.stem] = len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
        assert {name: number for name, number in sheets.items() if number > MOST_SHEETS} == {}


def test_the_index_prints_on_few_sheets_and_its_findings_fit_a_phone(browser: Browser, published_site: Path) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        for name in INDEXES:
            page.emulate_media(media="screen")
            page.goto((published_site / name).as_uri())
            boxes = [badge.bounding_box() for badge in page.locator("td .bc-state").all()]
            assert len(boxes) > 10
            assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes), name
            page.emulate_media(media="print")
            assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= MOST_OF_INDEX, name


def test_search_finds_the_report_that_people_look_for(browser: Browser, published_site: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((published_site / "methodology/metrics.html").as_uri())
        page.locator(".md-search__input").click()
        for words, report in SOUGHT.items():
            page.locator(".md-search__input").fill(words)
            page.locator(".md-search__input").press("End")
            found = page.locator(".md-search-result__link").first
            expect(found).to_have_attribute("href", re.compile(rf"reports/{report}\.html"))


def test_the_first_number_of_each_report_is_a_few_steps_away(browser: Browser, published_site: Path) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page, steps = context.new_page(), {}
        for report in reports(published_site):
            page.goto(report.as_uri())
            steps[report.stem] = 0
            while not page.evaluate("document.activeElement.matches('article a:has(> data)')"):
                page.keyboard.press("Tab")
                steps[report.stem] += 1
        assert {name: number for name, number in steps.items() if number > MOST_STEPS} == {}


def test_points_lead_to_the_numbers_that_they_stand_for(browser: Browser, published_site: Path) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        for report, (figure, axis) in POINTED.items():
            page.goto((published_site / f"reports/{report}.html").as_uri())
            drawn = page.locator(f"#figure-{figure}")
            points = sorted(drawn.evaluate(POINTS))
            assert len(points) == drawn.locator("tbody tr").count(), report
            places = [point[axis] for point in points]
            assert all(after >= before - 0.2 for before, after in pairwise(places)), report
