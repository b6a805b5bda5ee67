"""Over five hundred hostile strings through every sink of the real site, opened in a real browser.

None may run, call home, leave the page or become an element; each must be shown as it is; the sealed data and the
downloads must hold it unaltered. The pages' own security policy is switched off, so that it cannot hide a mistake.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page

from hooks.verify import CHECKS, verify
from hooks.verify.reader.visible_text import plain
from tests.support.hostile_site import CHARTED, SAYABLE, WORDS
from tests.support.hostile_strings import HOST, HOSTILE
from tests.support.served_folder import served

ROOT = Path(__file__).resolve().parents[2]
REPORT = "reports/tr108.html"
LISTEN = """
window.__hits = [];
window.__hit = (mark) => { window.__hits.push(mark); };
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => { window.__hits.push(name); };
"""
ALIVE = """() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`<${element.localName} ${name}>`);
      if (/^(href|src|action|xlink:href|data|srcdoc)$/i.test(name) && /^\\s*(java|vb)script:|HOST/i.test(value))
        found.push(`<${element.localName} ${name}="${value}">`);
    }
    if (/^(iframe|object|embed|base|frame|portal)$/.test(element.localName)) found.push(`<${element.localName}>`);
  }
  for (const script of document.scripts) if (script.textContent.includes("__hit")) found.push("<script>");
  return found;
}""".replace("HOST", HOST.replace(".", "\\\\."))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    environment = {**os.environ, "BINDERY_DATA": str(folder / "recorded"), "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "tests.support.hostile_site", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def home(built: Path) -> Iterator[str]:
    with served(built / "site") as port:
        yield f"http://127.0.0.1:{port}/"


class Lab:
    """A page without its security policy that records every request to another host and every hit."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.strays: list[str] = []
        page.add_init_script(LISTEN)
        page.on("request", lambda request: self._request(request.url, home))
        page.on("dialog", lambda dialog: self.strays.append(f"dialog {dialog.message}"))
        page.on("popup", lambda popup: self.strays.append(f"popup {popup.url}"))

    def _request(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.strays.append(url)

    def assert_quiet(self, address: str) -> None:
        assert self.page.evaluate("window.__hits") == []
        assert self.strays == []
        assert self.page.url.startswith(address)
        assert len(self.page.frames) == 1
        assert self.page.evaluate(ALIVE) == []


@pytest.fixture
def lab(browser: Browser, home: str) -> Iterator[Lab]:
    with browser.new_context(base_url=home, bypass_csp=True) as context:
        yield Lab(context.new_page(), home)


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 500
    assert len(WORDS) > len(SAYABLE) > 300


def test_nothing_runs_when_the_report_is_read_and_used(lab: Lab, home: str) -> None:
    page = lab.page
    page.goto(REPORT)
    page.wait_for_load_state("networkidle")
    lab.assert_quiet(home + REPORT)
    page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true; })")
    for figure in page.query_selector_all("figure.b-chart"):
        figure.scroll_into_view_if_needed()
        for point in figure.query_selector_all(".mark-symbol :is(path, circle)")[:3]:
            point.dispatch_event("pointermove")
            point.hover(force=True)
    lab.assert_quiet(home + REPORT)
    for number in page.query_selector_all("a:has(> data)")[::60][:12]:
        number.evaluate("(element) => element.click()")
        page.keyboard.press("Escape")
    page.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    page.wait_for_timeout(500)
    page.mouse.move(300, 300)
    page.mouse.wheel(0, 4000)
    lab.assert_quiet(home + REPORT)


def test_a_string_that_ran_would_be_noticed(lab: Lab, home: str) -> None:
    lab.page.goto("404.html")
    lab.assert_quiet(home + "404.html")
    for text in HOSTILE[:13]:
        lab.page.evaluate("(text) => document.body.append(document.createRange().createContextualFragment(text))", text)
    lab.page.wait_for_function("['aa', 'ba'].every((hit) => window.__hits.includes(hit))")
    for _ in range(600):
        if any(HOST in stray for stray in lab.strays):
            break
        lab.page.wait_for_timeout(100)
    assert any(HOST in stray for stray in lab.strays)
    assert {"<iframe>", "<script>"} <= set(lab.page.evaluate(ALIVE))
    with pytest.raises(AssertionError):
        lab.assert_quiet(home)


def test_an_error_is_shown_as_it_is(lab: Lab) -> None:
    lab.page.goto("errors.html")
    shown = lab.page.eval_on_selector_all(".failure", "(all) => all.map((one) => one.textContent)")
    wrong = [text for text, error in zip(HOSTILE, shown, strict=True) if plain(text) not in plain(error)]
    assert wrong == []


def test_nothing_runs_in_search_or_on_the_pages_about_all_reports(lab: Lab, home: str) -> None:
    page = lab.page
    for name in ("index.html", "replication.html", "contradictions.html", "coverage.html", "errors.html"):
        page.goto(name)
        page.wait_for_load_state("networkidle")
        lab.assert_quiet(home + name)
    page.goto(REPORT)
    for query in ("script", "onerror", "hit", "hostile"):
        page.fill(".md-search__input", query)
        page.wait_for_timeout(400)
        lab.assert_quiet(home + REPORT)


def test_every_string_is_shown_as_it_is(lab: Lab) -> None:
    def texts(selector: str) -> list[str]:
        found = lab.page.eval_on_selector_all(selector, "(all) => all.map((one) => one.textContent)")
        return [plain(text) for text in found]

    lab.page.goto(REPORT)
    assert texts("#table-words tbody tr > :first-child") == [plain(text) for text in WORDS]
    assert texts("#table-words tbody td:nth-child(2)") == [plain(text) for text in WORDS]
    assert texts("#table-literals tbody th") == [plain(text) for text in HOSTILE]
    assert texts("figure.b-chart tbody tr > :first-child") == [plain(text) for text in HOSTILE]
    assert {plain(text) for text in HOSTILE} <= set(texts("#table-environment tbody td"))
    names = set(texts("#table-environment tbody th"))
    assert {plain(f"fact {text}".replace("_", " ")) for text in WORDS} <= names


def test_the_data_are_unaltered(built: Path) -> None:
    site = built / "site"
    sealed = site / "data" / "tr108" / "v1"
    manifest = json.loads((sealed / "manifest.json").read_bytes())
    assert set(HOSTILE) <= set(manifest["environment"].values())
    requests = pq.read_table(sealed / "requests.parquet")
    texts = {text for name in ("text", "finish_reason", "prompt_id") for text in requests[name].to_pylist()}
    assert set(HOSTILE) <= texts
    report = verify(site, only=[check for check in CHECKS if check != "links"])
    assert report.passed, "\n".join(report.lines())


def test_no_cell_of_a_download_can_start_a_formula(built: Path) -> None:
    for path in sorted((built / "site").rglob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            rows = iter(csv.reader(file))
            numeric = [name.endswith(("_ns", "_ms")) or name in ("number", "value") for name in next(rows)]
            for row in rows:
                risky = [
                    cell
                    for cell, number in zip(row, numeric, strict=True)
                    if not number and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
                ]
                assert risky == [], path.name


def _number(path: Path) -> int:
    return int(path.name.split("-")[1].partition(".")[0])


def test_the_charts_hold_every_label(built: Path) -> None:
    specs = [path.read_text() for path in sorted((built / "site").rglob("charts/chart-*.vl.json"), key=_number)]
    assert len(specs) == -(-len(HOSTILE) // CHARTED)
    drawn = [json.loads(spec) for spec in specs]
    labels = [row["label"] for spec in drawn for rows in spec["datasets"].values() for row in rows]
    assert [plain(label) for label in labels] == [plain(text) for text in HOSTILE]
