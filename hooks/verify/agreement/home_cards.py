"""Which reports have a card on the home page: it is not for the page to choose the finest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from ..meaning.audit_rows import LINES
from ..reader.page import Page
from ..reader.site import Site
from ..reader.summary_json import Told, told

CARDS = 3


def wrong_cards(shown: Iterable[str], site: Site, series: Sequence[str]) -> str | None:
    """What is wrong with the reports ``shown``; ``series`` are the ids of all reports in their order."""
    pages = {page.name: page for page in site.pages}
    reports = {PurePosixPath(one["page"]).stem: one for one in told(site) if one["page"] in pages}
    of = {name: _place(one, pages[one["page"]], series.index(name)) for name, one in reports.items() if name in series}
    right, said = sorted(of, key=of.__getitem__, reverse=True)[:CARDS], list(shown)
    return None if said == right else f"its cards are of {', '.join(said)}; by their rule, of {', '.join(right)}"


def _place(report: Told, page: Page, order: int) -> tuple[bool, bool, str, int]:
    """Supported before not, audited without a failure before failed, newer before older, later in the series before
    earlier."""
    verdicts = {one["id"]: one["verdict"] for one in report["claims"]}
    newest = max(str(one["recorded"])[:10] for one in report["datasets"])
    failed = "failed" in page.body.xpath(f"{LINES}//a/@data-audit")
    return verdicts.get(report["headline"]) == "supported", not failed, newest, order
