"""The badge of an audit, wherever it stands, says what the audit says to which it leads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.visible_text import plain
from .audit_rows import LINES, badge_of, lines_of
from .tables import text_of

BADGES = ".//a[@data-audit][not(ancestor::p[contains(@class, 'b-audit-line')])]"

COUNTED = re.compile(r"in (\d+) of (\d+) datasets")
"""How many datasets a badge is of, behind it."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every badge that leads to the audit of a report."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    pages = {page.name: page for page in site.pages}
    for document in site.documents:
        for badge in document.body.xpath(BADGES):
            place = str(badge.get("href")).partition("#")[0]
            report = pages.get(posixpath.normpath(posixpath.join(posixpath.dirname(document.name), place)))
            yield Examined(document.name, _problem(site, badge, report, labels))


def _problem(site: Site, badge: Any, report: Page | None, labels: dict[str, Sealed]) -> str | None:
    words = plain(text_of(badge))
    if report is None:
        return f"“{words}” leads to no report"
    if not (words == f"Audit {badge.get('data-audit')}" or words.startswith(f"Audit {badge.get('data-audit')}: ")):
        return f"“{words}” is marked as {badge.get('data-audit')}"
    named = [text_of(cell) for row in badge.iterancestors("tr") for cell in row if text_of(cell) in labels]
    audited = [labels[label] for label in named or _labels(report) if label in labels]
    right = {badge_of(lines_of(site, own).values()) for own in audited}
    alone = not named or len(_labels(report)) == 1
    right |= {plain(text_of(one)) for one in report.body.xpath(f"{LINES}/a[@data-audit]")} if alone else set()
    if named and not set(named) <= set(_labels(report)):
        return f"{', '.join(named)} is no dataset of {report.name}"
    if not (words in right or (None in right and not alone)):
        return f"it says “{words}” of {report.name}; its audit says otherwise"
    return _counted(badge, words, [badge_of(lines_of(site, own).values()) for own in audited])


def _counted(badge: Any, words: str, right: list[str | None]) -> str | None:
    """Whether the number of datasets that a badge counts, where it does, is that of the audits that say so."""
    counted = COUNTED.match(plain(f"{badge.tail or ''}{''.join(map(_whole, badge.itersiblings('span')))}"))
    if counted is None or None in right:
        return None
    alike = [one for one in right if one == words or str(one).startswith(f"{words}: ")]
    said, expected = f"{counted[1]} of {counted[2]}", f"{len(alike)} of {len(right)}"
    return None if said == expected else f"“{words}” is said of {said} datasets, it is so of {expected}"


def _whole(element: Any) -> str:
    return f"{text_of(element)}{element.tail or ''}"


def _labels(report: Page) -> list[str]:
    """The datasets that a report is of."""
    return [report.dataset] if report.dataset else [one.dataset for one in report.stated.datasets]
