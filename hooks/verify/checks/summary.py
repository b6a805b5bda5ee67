"""What ``summary.json`` and the feed say about each report is what its page states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.plain_files import is_plain
from ..reader.site import Site
from ..reader.visible_text import plain

SUMMARY, FEED = "summary.json", "feed.xml"
ATOM = "{http://www.w3.org/2005/Atom}"
FIELDS = ("number", "unit", "text", "n", "missing", "status")
SUPERSEDED = "superseded"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def check(site: Site) -> Iterator[Examined]:
    """Compares both files with the pages, where the site has them."""
    if is_plain(site.root / SUMMARY):
        yield from (Examined(SUMMARY, problem) for problem in _summary(site))
    if is_plain(site.root / FEED):
        yield from (Examined(FEED, problem) for problem in _feed(site))


def _summary(site: Site) -> Iterator[str | None]:
    pages = {page.name: page for page in site.pages}
    data = (site.root / SUMMARY).read_bytes()
    try:
        found = json.loads(data)
        reports = {str(report["page"]): report for report in found["reports"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        yield "it cannot be read"
        return
    canonical = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    yield None if canonical == data else "it is not canonical JSON"
    for name, report in reports.items():
        if name not in pages:
            yield f"{name} is no page that states numbers"
            continue
        yield from _report(report, pages[name], site)


def _report(report: Mapping[str, Any], page: Page, site: Site) -> Iterator[str | None]:
    yield from _datasets(report, page, site)
    for claim in report.get("claims", ()):
        stated = page.stated.claims.get(claim.get("id"))
        said = [claim["text"], claim["state"], claim["verdict"]]
        same = stated is not None and said == [stated.text, stated.state, stated.verdict]
        same = same and stated is not None and sorted(claim["values"]) == sorted(stated.values.values())
        yield None if same else f"{page.name}: its claim {claim.get('id')} is another one on the page"
    yield from _recordings(report, page, site)
    for name, finding in report.get("findings", {}).items():
        value = page.stated.values.get(str(finding.get("id")))
        if value is None:
            continue
        same = all(finding.get(field) == getattr(value, field) for field in FIELDS)
        same = same and finding.get("interval") == (value.interval and value.interval.model_dump())
        yield None if same else f"{page.name}: its finding {name} is another one on the page"


def _datasets(report: Mapping[str, Any], page: Page, site: Site) -> Iterator[str | None]:
    """The datasets of the report are those of its page, and what their manifests say."""
    listed = list(report.get("datasets", ()))
    stated = [(one.name, one.dataset, one.digest) for one in page.stated.datasets]
    for one in listed:
        sealed = site.datasets.get(str(one.get("digest")))
        facts = [sealed.label, sealed.manifest["profile"], sealed.manifest["created"]] if sealed else None
        right = facts == [one.get("dataset"), one.get("profile"), one.get("recorded")]
        yield None if right else f"{page.name}: its dataset {one.get('dataset')} is not here as it says"
    found = [(one.get("name"), one.get("dataset"), one.get("digest")) for one in listed]
    right = found == stated if stated else [(name, label) for name, label, _ in found] == [("", page.dataset)]
    yield None if right else f"{page.name}: it has other datasets than the page"


def _recordings(report: Mapping[str, Any], page: Page, site: Site) -> Iterator[str | None]:
    """The other recordings of the report, and the states of its claims in them."""
    listed, stated = list(report.get("recordings", ())), page.stated.recordings
    yield None if len(listed) == len(stated) else f"{page.name}: it shows other recordings than the page"
    for one, other in zip(listed, stated, strict=False):
        sealed = site.datasets.get(other.digest)
        claims = {name: page.stated.claims[key].state if key else None for name, (_, key) in other.claims.items()}
        same = [one.get(name) for name in ("dataset", "digest", "error", "claims")]
        right = same == [other.dataset, other.digest, other.error, claims]
        right = right and sealed is not None and one.get("recorded") == sealed.manifest["created"]
        right = right and one.get("page") == f"editions/{other.dataset.replace('/', '-')}.html"
        yield None if right else f"{page.name}: its recording {one.get('dataset')} is another one on the page"


def _feed(site: Site) -> Iterator[str | None]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        feed = etree.fromstring((site.root / FEED).read_bytes(), parser)
    except etree.XMLSyntaxError as error:
        yield f"it cannot be read: {error}"
        return
    said = [plain(f"{claim.text} ({claim.verdict})") for page in site.pages for claim in page.stated.claims.values()]
    bodies = {page.name: plain(page.body.text_content()) for page in site.pages}
    for entry in feed.iter(f"{ATOM}entry"):
        last = (entry.findtext(f"{ATOM}id") or "").rpartition("/")[2]
        if DATE.fullmatch(last):
            body = bodies.get(entry.find(f"{ATOM}link").get("href"), "")
            yield from (_erratum(line, body) for line in (entry.findtext(f"{ATOM}summary") or "").splitlines())
        elif last != SUPERSEDED:
            rest = _unsaid(plain(entry.findtext(f"{ATOM}summary") or ""), sorted(said, key=len, reverse=True))
            yield f"“{rest[:80]}” is no claim of a page" if rest else None


def _erratum(line: str, body: str) -> str | None:
    return None if plain(line) in body else f"“{line[:80]}” is no erratum of its page"


def _unsaid(text: str, said: Sequence[str]) -> str:
    """What remains of a text when the claims that it consists of are taken off its front."""
    while text:
        claim = next((claim for claim in said if text.startswith(claim)), None)
        if claim is None:
            return text
        text = text[len(claim) :].lstrip()
    return ""
