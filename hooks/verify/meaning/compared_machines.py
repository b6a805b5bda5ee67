"""What holds of all results of a report on *Compare* is said once, and is what the report says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..reader.page import Page
from .report_rows import about_report, report_of
from .tables import text_of

TABLE, HEADINGS = "table-measured", ["report", "machine", "hardware", "audit"]


def problems(page: Page, reports: Sequence[Page]) -> Iterator[str | None]:
    """What is wrong with the table of machines and audits."""
    heads = [text_of(head) for head in page.body.xpath(f".//table[@id='{TABLE}']/thead/tr/th")]
    rows = _rows(page)
    yield f"its table of machines is headed {', '.join(heads)}" if rows and heads != HEADINGS else None
    for name, _, hardware, audit in rows:
        report = report_of(name, list(reports))
        if report is None:
            yield f"{text_of(name)} is the name of no report that its row leads to"
        else:
            yield about_report(text_of(name), report, hardware, audit)
    called = {(text_of(machine), text_of(hardware)) for _, machine, hardware, _ in rows}
    apart = len({letter for letter, _ in called}) == len({words for _, words in called}) == len(called)
    yield None if apart else "a machine has two letters, or two machines have one"


def is_listed(page: Page, report: Any, machine: Any) -> bool:
    """Whether the table has the report of a result, with its machine and its audit."""
    said = (text_of(report), text_of(machine), str(report.get("data-audit")))
    return said in {
        (text_of(name), text_of(letter), str(audit.xpath("string(.//a/@data-audit)")))
        for name, letter, _, audit in _rows(page)
    }


def _rows(page: Page) -> list[list[Any]]:
    rows = [row.xpath("./th | ./td") for row in page.body.xpath(f".//table[@id='{TABLE}']/tbody/tr")]
    return [row for row in rows if len(row) == len(HEADINGS)]
