"""What the site tells the world about its reports: ``summary.json``, the feed, and a card for each report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..caching.job import Job
from ..editions.comparison import OtherRecording
from ..editions.history import Version
from ..editions.report import Report
from ..replication.findings import Published
from ..values.value import Value
from . import feed, summary
from .social_card import card


@dataclass(frozen=True, slots=True)
class Announcement:
    """One report: what it publishes, its versions, the findings of the version before the current one, and its other
    recordings."""

    report: Report
    published: Published
    versions: tuple[Version, ...]
    previous: Mapping[str, Value]
    other_recordings: tuple[OtherRecording, ...] = ()

    def replaced(self) -> Iterator[tuple[str, str, str]]:
        """The findings whose text is another one now: name, text before, text now."""
        for name, old in sorted(self.previous.items()):
            new = self.published.findings.get(name)
            if new is not None and new.text != old.text:
                yield name.replace("_", " "), old.text, new.text


def cards(announcements: Iterable[Announcement]) -> dict[str, tuple[str, Job]]:
    """The card of each report's page, by the page's path: the image's path in the site, and what draws it."""
    return {f"{one.report.page}.md": card(one.report.prose.front.title, one.published) for one in announcements}


def files(announcements: tuple[Announcement, ...]) -> Iterator[tuple[str, bytes]]:
    """``summary.json`` and the feed, by path."""
    reports = ((one.report, one.published, one.versions, one.other_recordings) for one in announcements)
    yield summary.PATH, summary.summary(reports)
    yield feed.PATH, feed.atom(entry for one in announcements for entry in _news(one))


def _news(one: Announcement) -> Iterator[feed.Entry]:
    yield from feed.entries(one.report, one.published, one.versions, one.replaced())
    yield from (feed.recording(one.report, other) for other in one.other_recordings)
