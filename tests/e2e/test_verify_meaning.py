"""The referee reads what stands beside numbers: exchanged or renamed labels, headings, units and words are found.

Every tampering leaves all numbers as they were, and is tried against the one check that has to find it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.canonical_json import canonical_json
from hooks.verify import verify
from tests.support.built_site import REPORT, only_page

SHORT = "Gemma 3 270M"
LONG = "SmolLM2 135M"
VOUCHES = "no calibration vouches for the client"
ROWS = REPORT.with_suffix("") / "numbers.html"


@pytest.fixture(scope="module")
def report(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return only_page(built_site, tmp_path_factory.mktemp("report") / "site")


def found(site: Path, check: str, edit: Callable[[str], str], page: Path = REPORT) -> list[str]:
    """What the check says of the page with the edit, which is taken back."""
    path = site / page
    before = path.read_text(encoding="utf-8")
    after = edit(before)
    assert after != before
    path.write_text(after, encoding="utf-8")
    try:
        return [str(one.problem) for one in verify(site, only=[check]).mismatches]
    finally:
        path.write_text(before, encoding="utf-8")


def inside(table: str, old: str, new: str) -> Callable[[str], str]:
    """``old`` as ``new`` once inside of a table."""

    def edit(page: str) -> str:
        start = page.index(f'id="{table}"')
        return page[:start] + page[start:].replace(old, new, 1)

    return edit


def exchanged(table: str, one: str, other: str) -> Callable[[str], str]:
    """Two texts of a table in each other's place, the first time that they stand there."""

    def edit(page: str) -> str:
        start = page.index(f'id="{table}"')
        end = page.index("</table>", start)
        part = page[start:end]
        assert one in part
        assert other in part
        part = part.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other, 1)
        return page[:start] + part + page[end:]

    return edit


def without(pattern: str, table: str) -> Callable[[str], str]:
    """A table without the first row that fits."""

    def edit(page: str) -> str:
        start = page.index(f'id="{table}"')
        return page[:start] + re.sub(pattern, "", page[start:], count=1, flags=re.DOTALL)

    return edit


@pytest.mark.parametrize(
    ("check", "edit", "said"),
    [
        ("headings", exchanged("table-arms", "first token (ms)", "per token (ms)"), "stands above values of"),
        ("headings", exchanged("table-arms", "decode, client", "decode, engine"), "stands above values of"),
        ("headings", inside("table-arms", "first token (ms)", "first token (s)"), "has the unit s"),
        ("headings", inside("table-arms", "first token (ms)", "first token"), "names no unit"),
        ("headings", inside("table-arms", "first token (ms)", "mean first token (ms)"), "names another statistic"),
        ("headings", exchanged("table-starts", "first token, first request", "first token, warm"), "requests"),
        (
            "headings",
            inside("figure-speed", 'num">decode speed', 'num">first token'),
            "above values of decode",
        ),
        ("row labels", exchanged("table-arms", f">{SHORT}<", f">{LONG}<"), "a row is named"),
        ("row labels", inside("table-arms", "<td>1<", "<td>2<"), "a row is named"),
        ("row labels", inside("table-arms", f">{SHORT}<", ">llama-3-8b<"), "a row is named “llama-3-8b”"),
        ("row labels", inside("table-settings", "threads 2 ÷ 1", "threads 1 ÷ 2"), "a row is named “threads 1 ÷ 2”"),
        ("row labels", inside("table-settings", "threads 2 ÷ 1", "threads 4 ÷ 1"), "a row is named “threads 4 ÷ 1”"),
        ("findings", inside("table-settings", "<td>effect<", "<td>none found<"), "is called “none found”"),
        ("findings", inside("table-settings", "<td>effect<", "<td>equivalent<"), "is called “equivalent”"),
        ("required rows", without(r"<tr><th[^>]*>ok.*?</tr>", "table-outcomes"), ""),
        ("required rows", inside("table-outcomes", ">ok<", ">degraded<"), "they ended ok"),
        ("required rows", without(r"<tr><th[^>]*>runs\.parquet.*?</tr>", "table-files"), "leaves out runs.parquet"),
        ("required rows", without(r"<tr><th[^>]*>cpu model.*?</tr>", "table-environment"), "leaves out cpu model"),
        (
            "literals",
            inside("table-arms", 'data-cells="setting"', 'data-cells="published"'),
            "outside of the changelog",
        ),
        (
            "audit",
            inside("table-audit", "<td>warning<", "<td>holds<"),
            f"its audit says {VOUCHES} | holds",
        ),
        (
            "audit",
            inside("table-audit", "no calibration; run", "calibration/v1; run"),
            f"the rules say {VOUCHES} |",
        ),
        (
            "audit",
            without(r"<tr><th[^>]*>.{0,80}every planned run.*?</tr>", "table-audit"),
            "its audit has the rules",
        ),
        (
            "audit",
            lambda page: page.replace("Audit passed with warnings</a>", "Audit passed</a>"),
            "its badge says “Audit passed Warnings",
        ),
    ],
)
def test_words_beside_numbers_are_held_against_them(
    report: Path, check: str, edit: Callable[[str], str], said: str
) -> None:
    problems = found(report, check, edit)
    assert problems
    assert any(said in problem for problem in problems), problems
    assert verify(report, only=[check]).passed


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (inside("numbers", "<td>measured<", "<td>derived<"), "is said to be derived"),
        (exchanged("numbers", ">what it is<", ">kept<"), "not headed"),
        (inside("numbers", "threads\u00a01", "threads\u00a02"), "is said to keep"),
        (inside("numbers", "median over blocks", "mean over blocks"), "lacks “median over blocks of"),
        (inside("numbers", "over measured requests", "over cold requests"), "lacks “"),
        (inside("numbers", 'rowspan="', 'rowspan="1'), "another number of cells"),
        (without(r'<tr id="n-.*?</tr>', "numbers"), "leaves out or adds rows"),
        (lambda page: page.replace('id="numbers"', 'id="others"', 1), "is not there"),
        (lambda page: page.replace("</article>", "<table><tr><td>It pays.</td></tr></table></article>"), "shows more"),
        (lambda page: page.replace("</article>", '<p data-claim="pays">It pays.</p></article>'), "shows more"),
    ],
)
def test_the_page_of_the_numbers_says_what_the_report_states(
    report: Path, edit: Callable[[str], str], said: str
) -> None:
    problems = found(report, "number rows", edit, ROWS)
    assert any(said in problem for problem in problems), problems
    assert verify(report, only=["number rows"]).passed


def moved(site: Path, name: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / ROWS).rename(site / name)


def copied(site: Path, name: str) -> None:
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(site / ROWS, site / name)


def back_on_the_report(site: Path) -> None:
    """The table on both pages."""
    table = re.search(r'<div class="b-table b-numbers.*?</div>', (site / ROWS).read_text(encoding="utf-8"), re.DOTALL)
    assert table
    text = (site / REPORT).read_text(encoding="utf-8")
    (site / REPORT).write_text(text.replace("</article>", f"{table[0]}</article>"), encoding="utf-8")


@pytest.mark.parametrize(
    ("check", "change", "said"),
    [
        (
            "number rows",
            lambda site: (site / ROWS).unlink(),
            "reports/tr108.html: the table of its numbers is not there",
        ),
        ("numbers shown", lambda site: (site / ROWS).unlink(), "no value has the id"),
        ("links", lambda site: (site / ROWS).unlink(), "leads to no file of the site"),
        ("pages", lambda site: moved(site, "reports/tr109/numbers.html"), "tr109/numbers.html: it belongs to no page"),
        ("pages", lambda site: copied(site, "numbers.html"), "  numbers.html: it belongs to no page"),
        ("pages", lambda site: copied(site, "reports/numbers.html"), "reports/numbers.html: it belongs to no page"),
        ("number rows", back_on_the_report, "the table of its numbers is not there"),
    ],
)
def test_a_page_of_numbers_and_its_report_are_one(
    report: Path, tmp_path: Path, check: str, change: Callable[[Path], None], said: str
) -> None:
    site = Path(shutil.copytree(report, tmp_path / "site"))
    change(site)
    assert any(said in line for line in verify(site, only=[check]).lines())


def test_a_number_that_leads_to_the_row_of_another_report_is_noticed(report: Path) -> None:
    """That report may have an equal number, and its row would say the same."""
    other = "tr109/numbers.html#n-"
    (problem,) = found(report, "numbers shown", lambda page: page.replace("tr108/numbers.html#n-", other, 1))
    assert "no value has the id" in problem


def test_a_point_that_leads_elsewhere_is_noticed(report: Path) -> None:
    (path,) = (report / REPORT.with_suffix("") / "charts").glob("hero.*.vl.json")
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('"href":"tr108/numbers.html#n-', '"href":"#n-', 1), encoding="utf-8")
    try:
        assert any("a point leads to #n-" in line for line in verify(report, only=["charts"]).lines())
    finally:
        path.write_text(before, encoding="utf-8")
    assert verify(report, only=["charts"]).passed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcomes": {"ok": 7}}, "its manifest counts {'ok': 7}"),
        ({"planned_runs": 1}, "1 runs were planned"),
    ],
)
def test_what_a_manifest_counts_is_counted_again(
    report: Path, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    """The digest fits wherever the site states it."""
    shutil.copytree(report, tmp_path / "site")
    path = tmp_path / "site" / "data" / "tr108" / "v1" / "manifest.json"
    before = path.read_bytes()
    path.write_bytes(canonical_json({**json.loads(before), **change}) + b"\n")
    old, new = (hashlib.sha256(data).hexdigest() for data in (before, path.read_bytes()))
    for name in (REPORT, REPORT.with_suffix("") / "values.json", Path("data/SEALED")):
        text = (tmp_path / "site" / name).read_text(encoding="utf-8")
        (tmp_path / "site" / name).write_text(text.replace(old, new), encoding="utf-8")
    problems = [str(one.problem) for one in verify(tmp_path / "site", only=["required rows"]).mismatches]
    assert any(said in problem for problem in problems), problems
