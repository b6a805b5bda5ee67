"""What the home page tells as new are the newest of the last changes of all reports, as their own pages tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from ..meaning.tables import text_of
from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.summary_json import told
from ..reader.visible_text import plain

HOME, HEADINGS = "index.html", ["Reports", "Date", "What changed"]
CHANGES = ".//h4[@id='changes']/following-sibling::*[1][self::ul]/li"
CHANGE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d), edition [^:]+: (?P<text>.+)")
LINES = 3
"""The home page tells the newest; reports that changed alike on one day share a line."""
Change = tuple[str, str, str]
"""A report by the stem of its page, the day, and what changed."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at the home page, where the site has one and a summary of its reports."""
    documents = {one.name: one for one in site.documents}
    reports = [str(one["page"]) for one in told(site) if one["page"] in documents]
    if HOME in documents and reports:
        expected = _newest(change for name in reports for change in _last(documents[name]))
        yield from (Examined(HOME, problem) for problem in _compared(_news(documents[HOME]), expected))


def _newest(changes: Iterable[Change]) -> set[Change]:
    """Those of the first lines."""
    lines: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        lines.setdefault(change[1:], []).append(change)
    ordered = sorted(lines, key=lambda line: line[0], reverse=True)
    return {change for line in ordered[:LINES] for change in lines[line]}


def _last(report: Document) -> Iterator[Change]:
    """The last of the changes that a report lists."""
    for line in report.body.xpath(CHANGES)[-1:]:
        found = CHANGE.fullmatch(text_of(line))
        if found:
            yield PurePosixPath(report.name).stem, found["day"], plain(found["text"])


def _news(home: Document) -> list[Change]:
    """What the home page tells, a line for each report."""
    return [
        (PurePosixPath(str(link)).stem, text_of(day), plain(text_of(text)))
        for table in home.body.xpath(".//table[thead/tr/th]")
        if [text_of(cell) for cell in table.xpath("./thead/tr/th")] == HEADINGS
        for reports, day, text in table.xpath("./tbody/tr")
        for link in reports.xpath(".//a/@href")
    ]


def _compared(news: list[Change], expected: set[Change]) -> Iterator[str | None]:
    for report, day, text in sorted({*news} ^ expected):
        wrong = (report, day, text) in news
        what = "no last change of its page" if wrong else "left out"
        yield f"new: {report.upper()}, {day}, “{text[:80]}” is {what}"
    days = [day for _, day, _ in news]
    yield None if days == sorted(days, reverse=True) else "new: its lines are not in the order of their days"
