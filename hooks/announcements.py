"""What the site tells the world about its reports: ``summary.json``, the feed, and a card for each report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import feed, summary
from .cache import Store
from .cards import card
from .history import Version
from .pages import Report
from .published import Published
from .values import Value


@dataclass(frozen=True, slots=True)
class Announced:
    """One report, what it says, its versions, and what the version before the current one found."""

    report: Report
    said: Published
    versions: tuple[Version, ...]
    before: Mapping[str, Value]

    def replaced(self) -> Iterator[tuple[str, str, str]]:
        """The findings whose text is another one now: name, text before, text now."""
        for name, old in sorted(self.before.items()):
            new = self.said.findings.get(name)
            if new is not None and new.text != old.text:
                yield name.replace("_", " "), old.text, new.text


def cards(store: Store, announced: tuple[Announced, ...]) -> dict[str, tuple[str, Path]]:
    """The card of each report's page, by the page's path: the image's path in the site, and its file."""
    found = {}
    for one in announced:
        found[f"{one.report.page}.md"] = card(store, one.report.prose.front.title, one.said)
    return found


def files(announced: tuple[Announced, ...]) -> Iterator[tuple[str, bytes]]:
    """``summary.json`` and the feed, by path."""
    yield summary.PATH, summary.summary((one.report, one.said, one.versions) for one in announced)
    news = (entry for one in announced for entry in feed.entries(one.report, one.said, one.versions, one.replaced()))
    yield feed.PATH, feed.atom(news)
