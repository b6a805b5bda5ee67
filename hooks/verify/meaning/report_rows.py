"""What a row about a report says of it: its name, its machine and its audit."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from ..reader.page import Page
from .tables import text_of


def report_of(cell: Any, pages: list[Page]) -> Page | None:
    """The page of a report that a cell leads to, and that it names by all parts of its id."""
    links = [str(link).removeprefix("../") for link in cell.xpath(".//a[not(@data-audit)]/@href")]
    for page in pages:
        parts = PurePosixPath(page.name).stem.split("-")
        if page.name in links and all(part in text_of(cell).lower() for part in parts):
            return page
    return None


def about_report(key: str, report: Page, hardware: Any, audit: Any) -> str | None:
    """Whether a row says the machine and the audit that the page of its report says."""
    facts = ".//dl[contains(@class, 'b-facts')]/div[normalize-space(dt)='Hardware']/dd"
    machines = [text_of(one) for one in report.body.xpath(facts)]
    if text_of(hardware) not in machines:
        return f"{key}: the hardware is “{text_of(hardware)}”, its report says {machines}"
    said = [str(one) for one in audit.xpath(".//a/@data-audit")]
    badges = report.body.xpath(".//p[contains(@class, 'b-audit-line')]//a/@data-audit")
    worded = all(text_of(one).startswith(f"Audit {one.get('data-audit')}") for one in audit.xpath(".//a[@data-audit]"))
    right = len(said) == 1 and said[0] in badges and worded
    return None if right else f"{key}: the audit is “{text_of(audit)}”, its report says {', '.join(map(str, badges))}"
