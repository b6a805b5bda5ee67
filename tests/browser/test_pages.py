"""What a reader looks for is found, and what is downloaded is what was sealed."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watched

REPORT = "reports/tr108.html"


def test_the_report_is_light_enough(site: Path) -> None:
    assert (site / REPORT).stat().st_size <= 250_000


def test_a_download_is_the_sealed_file(tab: Watched, site: Path) -> None:
    manifest = json.loads((site / "data/tr108/v1/manifest.json").read_bytes())
    tab.page.goto(REPORT)
    for name, entry in manifest["files"].items():
        with tab.page.expect_download() as waiting:
            tab.page.locator(f'a[href$="/{name}"]').evaluate("link => { link.download = ''; link.click(); }")
        assert hashlib.sha256(Path(waiting.value.path()).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("from_folder", [False, True], ids=["http", "file"])
def test_search_finds_the_report_by_its_finding(browser: Browser, site: Path, address: str, from_folder: bool) -> None:
    (report,) = json.loads((site / "summary.json").read_bytes())["reports"]
    words = re.sub(r"\S*\d\S*|[^\w ]", "", report["claims"][0]["text"])
    home = f"{site.as_uri()}/" if from_folder else address
    with browser.new_context() as context:
        tab = Watched(context, home)
        tab.page.goto(f"{home}methodology/metrics.html")
        tab.page.locator(".md-search__input").click()
        tab.page.locator(".md-search__input").fill(words)
        tab.page.locator(".md-search__input").press("End")
        found = tab.page.locator(".md-search-result__link").first
        expect(found).to_have_attribute("href", re.compile(r"reports/tr108\.html"))
        found.click()
        expect(tab.page.locator(".md-content h1")).to_contain_text("TR108")
        assert tab.problems == []


def test_without_javascript_every_number_still_leads_to_its_source(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(REPORT)
        expect(page.locator("figure.b-chart svg").first).to_be_visible()
        link = page.locator("article a:has(> data)").first
        target = link.get_attribute("href") or ""
        link.click()
        assert page.url.endswith(target)
        expect(page.locator(f'[id="{target.partition("#")[2]}"]')).to_be_in_viewport()
