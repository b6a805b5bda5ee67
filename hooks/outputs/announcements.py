"""What the site tells the world about its reports: ``summary.json``, the feed, and a card for each report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..caching.job import Job
from ..editions.comparison import Elsewhere
from ..editions.history import Version
from ..editions.report import Report
from ..replication.findings import Published
from ..values.value import Value
from . import feed, summary
from .social_card import card


@dataclass(frozen=True, slots=True)
class Announced:
    """One report, what it says, its versions, what the version before the current one found, and the recordings
    shown beside it."""

    report: Report
    said: Published
    versions: tuple[Version, ...]
    before: Mapping[str, Value]
    elsewhere: tuple[Elsewhere, ...] = ()

    def replaced(self) -> Iterator[tuple[str, str, str]]:
        """The findings whose text is another one now: name, text before, text now."""
        for name, old in sorted(self.before.items()):
            new = self.said.findings.get(name)
            if new is not None and new.text != old.text:
                yield name.replace("_", " "), old.text, new.text


def cards(announced: Iterable[Announced]) -> dict[str, tuple[str, Job]]:
    """The card of each report's page, by the page's path: the image's path in the site, and what draws it."""
    return {f"{one.report.page}.md": card(one.report.prose.front.title, one.said) for one in announced}


def files(announced: tuple[Announced, ...]) -> Iterator[tuple[str, bytes]]:
    """``summary.json`` and the feed, by path."""
    yield summary.PATH, summary.summary((one.report, one.said, one.versions, one.elsewhere) for one in announced)
    yield feed.PATH, feed.atom(entry for one in announced for entry in _news(one))


def _news(one: Announced) -> Iterator[feed.Entry]:
    yield from feed.entries(one.report, one.said, one.versions, one.replaced())
    yield from (feed.beside(one.report, other) for other in one.elsewhere)
