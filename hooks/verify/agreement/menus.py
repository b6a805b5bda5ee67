"""A menu calls a page by its title, or as the menus of most pages call it."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from ..meaning.tables import text_of
from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site

TABS, LISTED, BELOW = "md-tabs__link", "md-nav__link", "md-footer__link"
MENUS = (TABS, LISTED, BELOW)
LINKS = "//a[@href][contains(@class, $menu)][not(starts-with(@href, '#'))]"
OUTLINE = "//a[contains(@class, 'md-nav__link')][starts-with(@href, '#')]"
NAME, TITLE = ".//*[contains(@class, 'md-ellipsis')]", "//*[@data-md-component='header-topic']"
Entry = tuple[str, str, str]
"""A menu, the page to which it leads, and what it calls it."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at the menus of every page."""
    documents = {document.name: document for document in site.documents}
    titles = {document.name: " ".join(map(text_of, document.tree.xpath(TITLE))) for document in site.documents}
    entries = {document.name: list(_entries(document)) for document in site.documents}
    usual = _usual(entry for found in entries.values() for entry in found)
    for page, found in entries.items():
        yield Examined(page, _outline(documents[page]))
        names = ((place, name, _known(menu, place, titles, usual)) for menu, place, name in found)
        wrong = next((f"its menu calls {place} “{name}”" for place, name, known in names if name not in known), None)
        yield Examined(page, wrong)


def _outline(document: Document) -> str | None:
    """Whether the outline of a page calls each place what its heading does."""
    headings = {str(one.get("id")): _heading(one) for one in document.body.xpath(".//*[@id]")}
    for link in document.tree.xpath(OUTLINE):
        place, name = str(link.get("href"))[1:], " ".join(text_of(one) for one in link.xpath(NAME))
        if place in headings and name != headings[place]:
            return f"its outline calls #{place} “{name}”, its heading “{headings[place]}”"
    return None


def _heading(element: Any) -> str:
    return text_of(element).removesuffix("¶").strip()


def _entries(document: Document) -> Iterator[Entry]:
    for menu in MENUS:
        for link in document.tree.xpath(LINKS, menu=menu):
            place = posixpath.normpath(posixpath.join(posixpath.dirname(document.name), str(link.get("href"))))
            yield menu, place, _name(link, menu)


def _name(link: Any, menu: str) -> str:
    """What a reader sees, and hears where that is another text."""
    name = " ".join(text_of(one) for one in link.xpath(NAME)) or text_of(link)
    heard = unescape(str(link.get("aria-label") or "")).partition(": ")[2]
    return name if menu != BELOW or heard == name else f"{name} ({heard})"


def _usual(entries: Iterator[Entry]) -> dict[tuple[str, str], str]:
    """What a menu of most pages calls each page."""
    called: dict[tuple[str, str], Counter[str]] = {}
    for menu, place, name in entries:
        called.setdefault((menu, place), Counter())[name] += 1
    return {of: names.most_common(1)[0][0] for of, names in called.items()}


def _known(menu: str, place: str, titles: Mapping[str, str], usual: Mapping[tuple[str, str], str]) -> set[str]:
    listed = {titles.get(place, ""), usual.get((LISTED, place), "")}
    return {usual[menu, place]} if menu == TABS else listed
