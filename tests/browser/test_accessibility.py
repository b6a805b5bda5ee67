"""Every page opens cleanly and axe-core finds nothing serious on it, light and dark, on a desk and on a phone.

Of the elements of one parent that are alike, with the same attributes, classes and styles down to the last element that
they hold, one is kept: what axe looks at is alike in them, and some tables have over a thousand rows. The cells of a
row all stay, and so does what another element names as its label. A page is judged where it has an element that no page
judged before has in such a place: inside elements of the same names, attributes, classes and styles. What was judged in
its place with all that it holds is left out. The shadows at the edges of tables are left out too, for axe judges no
contrast in front of an image.
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
CONTEXT = {"exclude": [["[data-judged]"]]}
ONE_OF_A_KIND = """() => {
  const plain = document.createElement("style");
  plain.textContent = ".md-typeset :is(.b-table, table) { background-image: none !important; }";
  document.head.append(plain);
  const by = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"];
  const named = new Set(by.flatMap(
    name => [...document.querySelectorAll(`[${name}]`)].flatMap(one => one.getAttribute(name).split(/\\s+/))
  ));
  const counted = ["for", "class", "style", "role", "type", "lang", "data-state", "data-lit", "data-md-state"];
  const said = ({ name, value }) => name + (counted.includes(name) ? "=" + value : value.trim() ? "" : " empty");
  const speaks = element => [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
  const numbers = new Map();
  const kind = element => {
    const cells = ["tr", "select", "dl"].includes(element.localName), seen = new Set(), inside = [];
    for (const child of [...element.children]) {
      const found = kind(child);
      if (seen.has(found) && !cells) child.remove();
      else inside.push(found);
      seen.add(found);
    }
    const own = [...element.attributes].map(said).sort();
    const told = [element.localName, named.has(element.id) ? element.id : "", own, speaks(element), inside];
    const key = JSON.stringify(told);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key);
  };
  kind(document.body);
  const whole = document.title.trim() ? "" : "untitled ";
  const places = [];
  window.placed = [];
  const place = (element, inside, parent) => {
    const here = `${inside}>${element.localName} ${[...element.attributes].map(said).sort()}`;
    const number = places.push([here, parent]) - 1;
    window.placed.push(element);
    for (const child of element.children) if (child.localName !== "head") place(child, here, number);
  };
  place(document.documentElement, whole, null);
  return places;
}"""
"""Leaves one element of each kind, and gives the places of those that are left, each with the number of its parent."""
LOOKED_AT = """() => [
  document.documentElement.scrollWidth - document.documentElement.clientWidth,
  document.querySelector(".md-content").textContent.includes("|--"),
]"""
"""By how much the page is too wide, and whether it has a table in Markdown."""
LEAVE_OUT = "numbers => numbers.forEach(number => window.placed[number].setAttribute('data-judged', ''))"


def places_of(page: Page) -> set[str]:
    return {place for place, _ in page.evaluate(ONE_OF_A_KIND)}


def serious(page: Page, judged: set[str]) -> list[str]:
    """Every serious violation on the page as it is shown now, where it has a place that is not ``judged`` yet."""
    placed: list[tuple[str, int | None]] = page.evaluate(ONE_OF_A_KIND)
    new = {number for number, (place, _) in enumerate(placed) if place not in judged}
    if not new:
        return []
    for number, (_, parent) in reversed(list(enumerate(placed))):
        if number in new and parent is not None:
            new.add(parent)
    known = [number for number, (_, parent) in enumerate(placed) if number not in new and parent in new]
    page.evaluate(LEAVE_OUT, known)
    judged |= {place for place, _ in placed}
    violations: list[dict[str, Any]] = Axe().run(page, CONTEXT, OPTIONS).response["violations"]
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
    found: list[str] = []
    judged: set[str] = set()
    for name in names:
        tab.page.goto(name)
        wide, typed = tab.page.evaluate(LOOKED_AT)
        assert wide <= 0, f"{name} scrolls sideways"
        assert not typed, f"{name} shows a table as it was typed"
        found += serious(tab.page, judged)
        tab.page.wait_for_load_state("networkidle")
    assert found == []


def test_axe_would_find_a_fault_in_a_row(tab: Watched) -> None:
    tab.page.goto("label-audit.html")
    spoil = (
        "document.querySelector('tbody tr:nth-child(2) td').innerHTML = '<span style=\\'color: #ddd\\'>faint</span>'"
    )
    tab.page.evaluate(spoil)
    assert any("color-contrast" in line for line in serious(tab.page, set()))


def test_a_page_with_a_new_kind_of_element_is_judged(tab: Watched) -> None:
    judged: set[str] = set()
    tab.page.goto("guides/ollama.html")
    assert serious(tab.page, judged) == []
    tab.page.goto("guides/ollama.html")
    assert places_of(tab.page) <= judged
    tab.page.goto("guides/ollama.html")
    spoil = "document.querySelector('article p').innerHTML = '<span style=\\'color: #ddd\\'>faint</span>'"
    tab.page.evaluate(spoil)
    assert any("color-contrast" in line for line in serious(tab.page, judged))
