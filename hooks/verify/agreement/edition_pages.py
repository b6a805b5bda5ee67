"""The page of a version says which it is: the current one, one that another replaced and why, or another recording."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ..meaning.tables import text_of
from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.summary_json import Told, told
from ..reader.visible_text import plain

FIRST = ".//p[not(@class)]"
"""Paragraphs of the text."""
BEFORE = 2
"""One of so many says which version it is: the first may say whose data it shows."""
CURRENT, SUPERSEDED, OTHER = "(current edition)", "(superseded edition)", "(another recording)"


def check(site: Site) -> Iterator[Examined]:
    """Looks at the page of every version and recording that the summary lists."""
    documents = {one.name: one for one in site.documents}
    for report in told(site):
        for kind, first, one in _listed(report):
            page = documents.get(str(one.get("page")))
            if page is not None:
                yield Examined(page.name, _problem(page, kind, plain(first), _place(report, kind, one)))


def _listed(report: Told) -> Iterator[tuple[str, str, Told]]:
    """Each with its kind and with how its first paragraph begins."""
    for one in report.get("versions", ()):
        begin = f"Dataset {one.get('dataset')} is"
        if one.get("superseded_by"):
            why = f" because: {one['reason']}." if one.get("reason") else ", which states no reason."
            yield SUPERSEDED, f"{begin} superseded by {one['superseded_by']}{why}", one
        else:
            yield CURRENT, f"{begin} the current one; ", one
    for one in report.get("recordings", ()):
        yield OTHER, f"Dataset {one.get('dataset')} is no superseded edition. It was recorded on ", one


def _place(report: Told, kind: str, one: Told) -> str:
    """The page to which the first paragraph leads: that of the version that replaced it, or that of the report."""
    by = f"editions/{str(one.get('superseded_by')).replace('/', '-')}.html"
    return by if kind == SUPERSEDED else str(report["page"])


def _problem(page: Document, kind: str, first: str, right: str) -> str | None:
    headings = " ".join(text_of(one) for one in page.body.xpath(".//h1"))
    named = [one for one in (CURRENT, SUPERSEDED, OTHER) if one in headings]
    if named != [kind]:
        return f"its heading says “{' '.join(named) or 'no kind of edition'}”, the summary {kind}"
    said = next((one for one in page.body.xpath(FIRST)[:BEFORE] if plain(text_of(one)).startswith(first)), None)
    if said is None:
        return f"it does not begin with “{first[:120]}”"
    links = [str(link).partition("#")[0] for link in said.xpath(".//a[not(@class)]/@href")]
    places = [posixpath.normpath(posixpath.join(posixpath.dirname(page.name), link)) for link in links]
    return None if set(places) == {right} else f"it leads to {', '.join(places) or 'no page'}, not to {right}"
