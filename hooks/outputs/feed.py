"""The feed of the site: new editions, the figures that they replaced, and errata. Atom, without absolute addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..claims.claim import AnyClaim
from ..editions.comparison import OtherRecording
from ..editions.history import Version
from ..editions.report import Report
from ..replication.findings import Published
from ..text import placeholders
from ..text.escaping import visible

PATH = "feed.xml"
AUTHORITY = "bindery,2026"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``key`` is unique and permanent; ``page`` is relative to the site's root."""

    key: str
    updated: str
    title: str
    page: str
    lines: tuple[str, ...]


def entries(
    report: Report, published: Published, versions: tuple[Version, ...], replaced: Iterable[tuple[str, str, str]]
) -> Iterator[Entry]:
    """The news of one report: every version published and, with the newest, each figure that it replaced.

    A report over several datasets has no ``versions``. ``replaced`` holds (name, text before, text now).
    """
    name = report.id.upper()
    for version in versions:
        label = version.edition.label
        title = f"{name}: {report.prose.front.title}, dataset {label}"
        lines = _claims(published.claims.values()) if version.current else ()
        yield Entry(label, version.edition.manifest.created, title, f"{version.page}.html", lines)
        if version.by is not None:
            title = f"{name}: dataset {label} superseded by {version.by.label}"
            last = version.by.label == versions[-1].edition.label
            figures = [f"{what}: {before} → {now}" for what, before, now in replaced] if last else []
            reasons = [version.reason] if version.reason else []
            updated = version.by.manifest.created
            yield Entry(f"{label}/superseded", updated, title, f"{version.page}.html", (*reasons, *figures))
    if not versions:
        title = f"{name}: {report.prose.front.title}, datasets {report.label}"
        updated = max(edition.manifest.created for edition in report.editions)
        key = f"{report.id}/{report.digest[:16]}"
        yield Entry(key, updated, title, f"{report.page}.html", _claims(published.claims.values()))
    for date in dict.fromkeys(change.date for change in report.prose.front.errata):
        errata = tuple(_plain(change.text) for change in report.prose.front.errata if change.date == date)
        title = f"{name}: errata of {date}"
        yield Entry(f"{report.id}/{date}", f"{date}T00:00:00+00:00", title, f"{report.page}.html", errata)


def _plain(text: str) -> str:
    """Words of a front matter with the numbers that they declare."""
    return "".join(part.text for part in placeholders.parts(text, _no_more, "a value here", dated=True))


def _no_more(_: str) -> None:
    return None


def recording(report: Report, other: OtherRecording) -> Entry:
    """Another recording that a report shows, with its claims; it superseded nothing."""
    label, page = other.edition.label, f"{other.version.page}.html"
    title = f"{report.id.upper()}: dataset {label}, another recording than {report.edition.label}"
    claims = other.report.content.claims.values() if other.report else ()
    return Entry(label, other.edition.manifest.created, title, page, _claims(claims))


def _claims(claims: Iterable[AnyClaim]) -> tuple[str, ...]:
    return tuple(f"{claim.text} ({claim.verdict})" for claim in claims)


def atom(found: Iterable[Entry]) -> bytes:
    """The feed as XML, newest first."""
    listed = sorted(found, key=lambda entry: (entry.updated, entry.key), reverse=True)
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _put(feed, title="Bindery: technical reports", id=f"tag:{AUTHORITY}:feed")
    _put(feed, updated=listed[0].updated if listed else "2026-01-01T00:00:00+00:00")
    SubElement(feed, "link", rel="self", href="feed.xml")
    SubElement(feed, "link", href="index.html")
    _put(SubElement(feed, "author"), name="Bindery")
    for entry in listed:
        element = SubElement(feed, "entry")
        _put(element, title=entry.title, id=f"tag:{AUTHORITY}:{entry.key}", updated=entry.updated)
        SubElement(element, "link", href=entry.page)
        _put(element, summary="\n".join(entry.lines))
    indent(feed, space="")
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _put(element: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(element, name).text = visible(text)
