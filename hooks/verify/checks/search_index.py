"""What a search finds is what the pages say: every text of the index stands on the page that it leads to.

Every text of a page that is searched stands in the index, so that none is added to the page alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html

from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.plain_files import is_plain
from ..reader.site import Site

INDEX, SCRIPT = "search/search_index.json", "search/search_index.js"
"""The same index twice: the script is for pages that are opened from a disk."""
START, HOME = "var __index = ", "index.html"
UNSEARCHED = frozenset(
    f"{tag}.{name}"
    for tag, name in (
        ("a", "headerlink"),
        ("div", "b-graph"),
        ("div", "b-paper"),
        ("dl", "b-facts"),
        ("figure", "b-chart"),
        ("nav", "b-jump"),
        ("p", "bv-coverage"),
        ("table", "b-grid"),
    )
)
"""The elements that a search leaves out: drawings, tables of values, and what leads through a page. Other checks read
them."""
INLINE = frozenset("a abbr br code data del em ins kbd mark s small span strong sub sup time var".split())  # noqa: SIM905
"""Elements within a line of text."""
BREAK, LINK = "\0", "¶"
"""Where a line of text ends, and what a heading ends with."""


@dataclass(frozen=True, slots=True)
class _Searched:
    """A page: its text and that of its menu as well, without white space, and what stands at its places."""

    text: str
    whole: str
    places: Mapping[str, str]

    @classmethod
    def of(cls, document: Document) -> _Searched:
        text, whole = (_bare(one.text_content()) for one in (document.body, document.tree))
        places = {str(one.get("id")): _bare(one.text_content()) for one in reversed(document.body.xpath(".//*[@id]"))}
        return cls(text, whole, places)


def check(site: Site) -> Iterator[Examined]:
    """Looks at every entry of the index, where the site has one."""
    if not is_plain(site.root / INDEX):
        return
    data = (site.root / INDEX).read_bytes()
    script = (site.root / SCRIPT).read_text(encoding="utf-8") if is_plain(site.root / SCRIPT) else ""
    try:
        found = json.loads(data)
        entries: list[Mapping[str, Any]] = found["docs"]
        same = script.startswith(START) and json.loads(script.removeprefix(START).rstrip().rstrip(";")) == found
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Examined(INDEX, f"it, or {SCRIPT}, cannot be read")
        return
    yield Examined(SCRIPT, None if same else f"it is not what {INDEX} says")
    pages = {document.name: _Searched.of(document) for document in site.documents}
    indexed: dict[str, list[str]] = {}
    for entry in entries:
        location = str(entry["location"])
        problem = _problem(entry, location, pages)
        yield Examined(INDEX, problem and f"{location}: {problem}")
        said = indexed.setdefault(location.partition("#")[0] or HOME, [])
        said += (_bare(_element(entry[part]).text_content()) for part in ("title", "text"))
    for document in site.documents:
        if document.name in indexed:
            yield Examined(document.name, _added(document, BREAK.join(indexed[document.name])))


def _problem(entry: Mapping[str, Any], location: str, pages: Mapping[str, _Searched]) -> str | None:
    name, _, place = location.partition("#")
    page = pages.get(name or HOME)
    if page is None or (place and place not in page.places):
        return "it leads to no place of the site"
    title = _bare(_element(entry["title"]).text_content())
    if not (page.places[place].removesuffix(LINK) == title if place else title in page.whole):
        return f"its page has no title “{entry['title']}”"
    at = 0
    for text in filter(None, map(_bare, _element(entry["text"]).itertext())):
        at = page.text.find(text, at)
        if at < 0:
            return f"its page does not say “{text[:60]}” there"
        at += len(text)
    return None


def _added(document: Document, indexed: str) -> str | None:
    """The first text of a page that its entries of the index do not have."""
    texts = " ".join("".join(_searched(document.body)).split()).split(BREAK)
    lacking = next((text for text in texts if _bare(text) not in indexed), None)
    return lacking and f"it says “{lacking.strip()[:120]}”, which the index of the search has not"


def _searched(element: Any) -> Iterator[str]:
    """The text of an element that a search reads, with a break where a line of text ends."""
    if not isinstance(element.tag, str) or _is_unsearched(element):
        return
    inline = element.tag in INLINE
    yield "" if inline else BREAK
    yield element.text or ""
    for child in element:
        yield from _searched(child)
        yield child.tail or ""
    yield "" if inline else BREAK


def _is_unsearched(element: Any) -> bool:
    return any(f"{element.tag}.{name}" in UNSEARCHED for name in element.get("class", "").split())


def _element(text: object) -> Any:
    return html.fragment_fromstring(str(text), create_parent="div")


def _bare(text: str) -> str:
    return "".join(text.split())
