"""The feed has an entry for everything that happened to a report, and says of each what the site says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ..meaning.tables import text_of
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.plain_files import is_plain
from ..reader.site import Site
from ..reader.summary_json import Told, told
from ..reader.visible_text import plain

FEED, ATOM, TAG = "feed.xml", "{http://www.w3.org/2005/Atom}", "tag:bindery,2026:"
HEAD = [
    "title: Bindery: technical reports",
    f"id: {TAG}feed",
    "link: self feed.xml",
    "link:  index.html",
    "author: Bindery",
]
PARTS = ("title", "id", "updated", "link", "summary")
OF_SEVERAL = re.compile(r"[0-9a-f]{16}")
ERRATA = ".//h4[@id='errata']/following-sibling::*[1][self::ul]/li"
FIGURE = re.compile(r"(?P<name>.+): (?P<before>.+) → (?P<now>.+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """``lines`` are the claims that it has to have; null where its lines are judged one by one: the ``reasons`` why a
    version was replaced, and ``findings`` of the newest one by their names."""

    title: str
    updated: str
    link: str
    lines: Sequence[str] | None = None
    reasons: Sequence[str] = ()
    findings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def check(site: Site) -> Iterator[Examined]:
    """Looks at every entry, where the site has a feed and a summary that can be read."""
    if not is_plain(site.root / FEED) or not told(site):
        return
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        feed = etree.fromstring((site.root / FEED).read_bytes(), parser)
    except etree.XMLSyntaxError:
        return
    yield from (Examined(FEED, problem) for problem in (*_around(feed), *_entries(site, feed)))


def _around(feed: Any) -> Iterator[str | None]:
    """What stands beside the entries."""
    strange = next((one for one in feed.itersiblings(preceding=True)), None)
    strange = next(feed.iter(etree.Comment, etree.ProcessingInstruction), strange)
    yield None if strange is None else f"it has a comment or an instruction: {str(strange)[:60]}"
    said = [_head(one) for one in feed.iterchildren(f"{ATOM}*") if one.tag not in (f"{ATOM}entry", f"{ATOM}updated")]
    other = next((one for one in (*said, *HEAD) if said.count(one) != HEAD.count(one)), None)
    yield other and f"its head says “{'; '.join(said)}”, not “{'; '.join(HEAD)}”"
    dates = [str(one.findtext(f"{ATOM}updated")) for one in feed.iter(f"{ATOM}entry")]
    newest = max(dates, default=str(feed.findtext(f"{ATOM}updated")))
    yield (
        None
        if feed.findtext(f"{ATOM}updated") == newest
        else f"it is of {feed.findtext(f'{ATOM}updated')}, not {newest}"
    )
    yield None if dates == sorted(dates, reverse=True) else "its entries are not in the order of their days"


def _head(element: Any) -> str:
    named = f"{element.get('rel', '')} {element.get('href', '')}" if element.tag == f"{ATOM}link" else ""
    return f"{etree.QName(element).localname}: {named or ''.join(element.itertext()).strip()}"


def _entries(site: Site, feed: Any) -> Iterator[str | None]:
    pages = {page.name: page for page in site.pages}
    known: dict[str, Entry] = {key: one for report in told(site) for key, one in _known(report, pages)}
    found = Counter(str(one.findtext(f"{ATOM}id")).removeprefix(TAG) for one in feed.iter(f"{ATOM}entry"))
    yield from (f"it leaves out {key}, “{one.title}”" for key, one in known.items() if not found[_key(key, found)])
    yield from (f"it has {key} {times} times" for key, times in found.items() if times > 1)
    for element in feed.iter(f"{ATOM}entry"):
        key = str(element.findtext(f"{ATOM}id")).removeprefix(TAG)
        yield _entry(element, key, _expected(key, known), pages)


def _known(report: Told, pages: Mapping[str, Page]) -> Iterator[tuple[str, Entry]]:
    """The entries of a report by their keys."""
    name, title = str(report.get("id")).upper(), report.get("title")
    labels = [str(one.get("dataset")) for one in report.get("datasets", ())]
    claims = _lines(report.get("claims", ()))
    versions = {str(one.get("dataset")): one for one in report.get("versions", ())}
    for label, one in versions.items():
        by = versions.get(str(one.get("superseded_by")))
        page, sealed = str(one.get("page")), str(one.get("sealed"))
        yield label, Entry(f"{name}: {title}, dataset {label}", sealed, page, () if by else claims)
        if by:
            said = f"{name}: dataset {label} superseded by {by['dataset']}"
            reasons = [str(one["reason"])] if one.get("reason") else []
            findings = report.get("findings", {}) if by is list(versions.values())[-1] else {}
            named = {name.replace("_", " "): finding for name, finding in findings.items()}
            yield f"{label}/superseded", Entry(said, str(by.get("sealed")), page, None, reasons, named)
    if not versions and labels:
        last = max(str(one.get("recorded")) for one in report["datasets"])
        yield (
            f"{report.get('id')}/",
            Entry(f"{name}: {title}, datasets {', '.join(labels)}", last, report["page"], claims),
        )
    for other in report.get("recordings", ()):
        label, shown = str(other.get("dataset")), pages.get(str(other.get("page")))
        stated = [] if shown is None else [vars(one) for one in shown.stated.claims.values()]
        said = f"{name}: dataset {label}, another recording than {labels[0]}"
        yield label, Entry(said, str(other.get("recorded")), str(other.get("page")), _lines(stated))
    own = pages.get(report["page"])
    for line in own.body.xpath(ERRATA) if own else ():
        day = text_of(line)[:10]
        said = f"{name}: errata of {day}"
        yield f"{report.get('id')}/{day}", Entry(said, f"{day}T00:00:00+00:00", report["page"])


def _lines(claims: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{one['text']} ({one['verdict']})" for one in claims]


def _key(key: str, found: Mapping[str, int]) -> str:
    """The key of an entry: that of a report over several datasets ends with a digest."""
    ends = (one for one in found if one.startswith(key) and OF_SEVERAL.fullmatch(one.removeprefix(key)))
    return next(ends, key) if key.endswith("/") else key


def _expected(key: str, known: Mapping[str, Entry]) -> Entry | None:
    begin, _, end = key.rpartition("/")
    return known.get(f"{begin}/" if OF_SEVERAL.fullmatch(end) else key)


def _entry(element: Any, key: str, right: Entry | None, pages: Mapping[str, Page]) -> str | None:
    if right is None:
        return f"{key} is no news of a report"
    if tuple(etree.QName(one).localname for one in element) != PARTS:
        return f"{key} has other parts than {', '.join(PARTS)}"
    link = element.find(f"{ATOM}link")
    said = {name: str(element.findtext(f"{ATOM}{name}") or "") for name in PARTS} | {"link": str(dict(link.attrib))}
    for name, text in (("title", right.title), ("updated", right.updated), ("link", str({"href": right.link}))):
        if plain(said[name]) != plain(text):
            return f"{key}: its {name} is “{said[name]}”, the site says “{text}”"
    lines = _told(said["summary"])
    if right.lines is not None:
        expected = [line for text in right.lines for line in _told(text)]
        other = next(iter((Counter(lines) - Counter(expected)) + (Counter(expected) - Counter(lines))), None)
        return other and f"{key}: “{other[:80]}” {'is no claim of its report' if other in lines else 'is left out'}"
    return _figures(key, lines, right, pages) if key.endswith("/superseded") else None


def _told(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [plain(line) for line in text.split("\n") if line.strip()]


def _figures(key: str, lines: Sequence[str], right: Entry, pages: Mapping[str, Page]) -> str | None:
    """Why a version was replaced, and figures of its page that are others now.

    A figure that its page does not show is in no file of the site: what it was before cannot be compared.
    """
    if list(lines[: len(right.reasons)]) != [plain(one) for one in right.reasons]:
        return f"{key}: it says “{(*lines, 'nothing')[0][:80]}”, the site says “{right.reasons[0]}”"
    page = pages.get(right.link)
    for line in lines[len(right.reasons) :]:
        figure = FIGURE.fullmatch(line)
        finding = right.findings.get(figure["name"]) if figure else None
        if figure is None or finding is None:
            return f"{key}: “{line[:80]}” is no figure of its report"
        old = page.stated.values.get(str(finding.get("id"))) if page else None
        before, now = plain(old.text) if old else figure["before"], plain(str(finding.get("text")))
        if (figure["before"], figure["now"]) != (before, now):
            return f"{key}: “{line[:80]}” is no figure of its report, which was {before} and is {now}"
    return None
