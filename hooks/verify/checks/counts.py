"""What pages count is what they show: outcomes of cited figures, pairs that differ, hosts and their datasets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site

REPLICATION, COVERAGE, HARDWARE = "replication.html", "coverage.html", "hardware.html"
CONTRADICTIONS = "contradictions.html"
TESTED = ("replicated", "not replicated", "inconclusive")
NO_CLAIM = "no claim to test"


def check(site: Site) -> Iterator[Examined]:
    """Counts the rows of the pages again and compares every value that was counted from them."""
    pages = {page.name: page for page in site.pages}
    if REPLICATION in pages:
        outcomes = _outcomes(pages[REPLICATION])
        yield from _compared(pages[REPLICATION], dict(_totals(outcomes)), "replication.")
        if COVERAGE in pages:
            yield from _compared(pages[COVERAGE], dict(_coverage(outcomes)), "coverage.")
    if CONTRADICTIONS in pages:
        page = pages[CONTRADICTIONS]
        differing = [_differing(table) for table in page.tree.xpath("//table[.//*[@data-side]]")]
        yield from (Examined(page.name, problem) for _, problem in differing)
        slips = len(page.tree.xpath("//*[@data-slip]"))
        counted = {"contradictions.pairs": sum(pairs for pairs, _ in differing), "contradictions.slips": slips}
        yield from _compared(page, counted, "contradictions.")
    if HARDWARE in pages:
        yield from _compared(pages[HARDWARE], _hardware(pages[HARDWARE]))


def _compared(page: Page, expected: Mapping[str, int], prefix: str = "") -> Iterator[Examined]:
    """The counted values of a page, all that begin with ``prefix``, against what was counted here."""
    counted = {value.name: value.number for value in page.stated.values.values() if value.operation == "counted"}
    asked = {name for name in counted if name in expected or (prefix and name.startswith(prefix))}
    for name in sorted(asked | {name for name, number in expected.items() if number}):
        found, wanted = counted.get(name), expected.get(name, 0)
        yield Examined(page.name, None if found == wanted else f"{name}: it says {found}, there are {wanted}")


def _outcomes(page: Page) -> dict[str, Counter[str]]:
    """How many rows of each report's table end in which outcome."""
    found: dict[str, Counter[str]] = {}
    for table in page.tree.xpath("//table[.//th[normalize-space()='Published earlier']]"):
        column = [head.text_content().strip() for head in table.xpath("./thead/tr/th")].index("Outcome")
        rows = (row[column].text_content().strip() for row in table.xpath("./tbody/tr"))
        found.setdefault(_report(table), Counter()).update(rows)
    return found


def _report(table: Any) -> str:
    """The report that the heading above a table links to; ``none`` where it links to none."""
    headings = table.xpath("preceding::h2[1]//a[not(contains(@class, 'headerlink'))]/@href")
    path, _, anchor = str(next(iter(headings), "")).partition("#")
    return anchor or PurePosixPath(path).stem or "none"


def _totals(outcomes: Mapping[str, Counter[str]]) -> Iterator[tuple[str, int]]:
    for outcome, number in sum(outcomes.values(), Counter[str]()).items():
        yield f"replication.{outcome}", number


def _coverage(outcomes: Mapping[str, Counter[str]]) -> Iterator[tuple[str, int]]:
    for report, found in {**outcomes, "all": sum(outcomes.values(), Counter[str]())}.items():
        yield f"coverage.{report}.figures", found.total()
        yield f"coverage.{report}.claims", found.total() - found[NO_CLAIM]
        yield f"coverage.{report}.tested", sum(found[outcome] for outcome in TESTED)
        yield from ((f"coverage.{report}.{outcome}", number) for outcome, number in found.items())


def _differing(table: Any) -> tuple[int, str | None]:
    """How many pairs a table sets against each other; each of the two must name the other."""
    named = {
        (str(side), str(other))
        for row in table.xpath("./tbody/tr")
        for side in row.xpath(".//@data-side")
        for other in row.xpath(".//@data-against")
    }
    alone = sorted(one for one, other in named if (other, one) not in named)
    return len(named) // 2, f"{alone[0]} differs from one that does not differ from it" if alone else None


def _hardware(page: Page) -> dict[str, int]:
    hosts = page.tree.xpath("//h2[starts-with(@id, 'host-')]")
    listed = page.tree.xpath("//table[.//th[normalize-space()='Dataset']]/tbody/tr/td[1]")
    return {"hosts": len(hosts), "sealed-datasets": len({cell.text_content().strip() for cell in listed})}
