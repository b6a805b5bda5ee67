"""A term leads to the entry of the glossary that explains it, once on a page."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from ..reader.mismatches import Examined
from ..reader.site import Site
from .tables import text_of

PAGE = "methodology/glossary.html"


def check(site: Site) -> Iterator[Examined]:
    """Looks at every link of a term."""
    entries = _entries(site)
    for document in site.documents:
        met: set[str] = set()
        for link in document.body.xpath(".//a[@class='b-term']"):
            path, _, term = str(link.get("href")).partition("#")
            leads = posixpath.normpath(posixpath.join(posixpath.dirname(document.name), path))
            said, forms = text_of(link).lower(), entries.get(term, ())
            right = leads == PAGE and said in forms and term not in met
            met.add(term)
            yield Examined(
                document.name, None if right else f"the term “{said}” leads to {leads}#{term}, or is met twice"
            )


def _entries(site: Site) -> Mapping[str, tuple[str, ...]]:
    """The ways to write each term, in small letters, by its anchor."""
    found = (document for document in site.documents if document.name == PAGE)
    return {
        str(entry.get("id")): tuple(text_of(entry).lower().split(", "))
        for document in found
        for entry in document.body.xpath(".//dl[@class='b-terms']/dt")
    }
