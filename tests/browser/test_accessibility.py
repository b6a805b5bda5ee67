"""Every page opens cleanly and axe-core finds nothing serious on it, light and dark, on a desk and on a phone.

Of the rows of a table that have the same elements with the same classes, one is kept: what axe looks at is alike in
them, and some tables have over a thousand. The shadows at the edges of tables are left out, for axe judges no contrast
in front of an image.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import LOOKS, Watched

SERIOUS = ("serious", "critical")
OPTIONS = {"resultTypes": ["violations"]}
ONE_OF_A_KIND = """() => {
  const plain = document.createElement("style");
  plain.textContent = ".md-typeset :is(.b-table, table) { background-image: none !important; }";
  document.head.append(plain);
  const kind = ({ localName, className, dataset }) => [localName, className, dataset.state, dataset.lit].join(".");
  for (const body of document.querySelectorAll("tbody")) {
    const seen = new Set();
    for (const row of [...body.rows]) {
      const kinds = [...row.querySelectorAll("*")].map(kind).join(" ");
      if (seen.has(kinds)) row.remove();
      seen.add(kinds);
    }
  }
}"""


def serious(page: Page) -> list[str]:
    """Every serious violation on the page as it is shown now."""
    page.evaluate(ONE_OF_A_KIND)
    violations: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{page.url}: {item['id']}: {node['target']} {node['failureSummary']}"
        for item in violations
        if item["impact"] in SERIOUS
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("tab", LOOKS, indirect=True)
def test_every_page_opens_without_a_complaint_and_axe_finds_nothing_serious(tab: Watched, site: Path) -> None:
    """One visit of each page, for opening it takes longest; what the tab noticed is judged at its end."""
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert {"index.html", "reports/tr108.html", "404.html"} <= set(names)
    assert len(names) > 15
    found = []
    for name in names:
        tab.page.goto(name)
        wide = tab.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways"
        assert "|--" not in tab.page.locator(".md-content").inner_text(), f"{name} shows a table as it was typed"
        found += serious(tab.page)
        tab.page.wait_for_load_state("networkidle")
    assert found == []


def test_axe_would_find_a_fault_in_a_row(tab: Watched) -> None:
    tab.page.goto("label-audit.html")
    spoil = (
        "document.querySelector('tbody tr:nth-child(2) td').innerHTML = '<span style=\\'color: #ddd\\'>faint</span>'"
    )
    tab.page.evaluate(spoil)
    assert any("color-contrast" in line for line in serious(tab.page))
