"""What stands around an article is the same on every page: scripts, styles and policy.

What a page says of itself to other programs is what it is: its title, its address, its card and its neighbours.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.plain_files import is_plain
from ..reader.site import Site

REFUSED = "//style | //iframe | //object | //embed | //base | //template | //meta[@http-equiv='refresh']"
EVENTS = "//*[@*[starts-with(name(), 'on')]]"
POLICY = "//meta[@http-equiv='Content-Security-Policy']/@content"
INLINE = "//script[not(@src)][not(@type='application/json')]"
TOPIC = "//*[@data-md-component='header-topic']"
"""The title of a page as it stands above it."""
SCRIPTS, STYLES = "//script/@src", "//link[@rel='stylesheet']/@href"
SOURCES: Mapping[str, frozenset[str]] = {
    "default-src": frozenset({"'none'"}),
    "script-src": frozenset({"'self'"}),
    "style-src": frozenset({"'self'", "'unsafe-inline'"}),
    "img-src": frozenset({"'self'", "data:"}),
}
"""Where a page may take what from, beside its own inline scripts, by their hashes; the rest comes from the site."""
_OWN = frozenset({"'self'"})
_PLACE = re.compile(r'new URL\("[^"]*"')
"""Where the site begins, which the script of a page is told."""
NOT_FOUND, FEED = "404.html", "feed"
NO_PAGE = "There is no such page"
"""The page that stands for any address has none, and what it says."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that has a policy; the pages of other sites have none of ours."""
    documents = [one for one in site.documents if one.tree.xpath("//head")]
    if not any(one.tree.xpath(POLICY) for one in documents):
        return
    alike = {what: _most(documents, of) for what, of in ALIKE.items()}
    names = {one.name: one for one in documents}
    for document in documents:
        for problem in (*_safe(document), *_differs(document, alike), *_said_of_itself(site, document, names)):
            yield Examined(document.name, problem)


def _safe(document: Document) -> Iterator[str | None]:
    for element in document.tree.xpath(f"{REFUSED} | {EVENTS}"):
        yield f"it has a {element.tag} that no page of ours has: {' '.join(element.text_content().split())[:60]}"
    policies = document.tree.xpath(POLICY)
    yield None if len(policies) == 1 else f"it has {len(policies)} policies"
    hashes = {_hash(str(one.text or "")) for one in document.tree.xpath(INLINE)}
    for part in policies[0].split(";") if policies else ():
        name, *sources = part.split()
        known = SOURCES.get(name, _OWN) | (hashes if name == "script-src" else set())
        strange = next((one for one in sources if one not in known), None)
        yield strange and f"its policy takes {name.removesuffix('-src')} from {strange}, which is no script of the page"
        lacking = hashes - set(sources) if name == "script-src" else ()
        yield "it has a script that its policy refuses" if lacking else None


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _files(path: str) -> Callable[[Document], Sequence[str]]:
    return lambda document: [str(one).removeprefix("/").replace("../", "") for one in document.tree.xpath(path)]


def _inline(document: Document) -> Sequence[str]:
    return [_PLACE.sub("", str(one.text or "")) for one in document.tree.xpath(INLINE)]


ALIKE: Mapping[str, Callable[[Document], Sequence[str]]] = {
    "scripts": _inline,
    "files of scripts": _files(SCRIPTS),
    "style sheets": _files(STYLES),
    "icon": _files("//link[@rel='icon']/@href"),
    FEED: _files("//link[contains(@rel, 'alternate')]/@href"),
    "description": _files("//meta[@name='description']/@content"),
}
"""What is the same on every page."""


def _most(documents: Sequence[Document], of: Callable[[Document], Sequence[str]]) -> Sequence[str]:
    """What most of the pages have."""
    return Counter(tuple(of(document)) for document in documents).most_common(1)[0][0]


def _differs(document: Document, alike: Mapping[str, Sequence[str]]) -> Iterator[str | None]:
    for what, of in ALIKE.items():
        own = of(document)
        if what == FEED and document.name == NOT_FOUND and not own:
            continue
        other = next((one for one in (*own, *alike[what]) if own.count(one) != alike[what].count(one)), None)
        yield other and f"its {what} are others than those of most pages: {other[:80]}"


def _said_of_itself(site: Site, document: Document, names: Mapping[str, Document]) -> Iterator[str | None]:
    """Its title is what stands above it, its address is where it lies, its card is there, and its neighbours agree."""
    tree = document.tree
    title = " ".join("".join(tree.xpath("//head/title/text()")).split())
    address = _one(tree, "//link[@rel='canonical']/@href")
    topic = "".join(" ".join(one.text_content().split()) for one in tree.xpath(TOPIC))
    if document.name != NOT_FOUND:
        yield None if title.rpartition(" - ")[0] == topic else f"its title is “{title}”, above it stands “{topic}”"
        yield None if address.endswith(f"/{document.name}") else f"its address is said to be {address}"
    else:
        said = " ".join(document.body.text_content().split())
        yield None if said == NO_PAGE else f"it says “{said[:120]}”, not “{NO_PAGE}”"
    card = _one(tree, "//meta[@property='og:title']/@content")
    if card:
        yield None if title.startswith(f"{card} - ") else f"its card is titled “{card}”"
        shown = _one(tree, "//meta[@property='og:url']/@content")
        yield None if shown == address else f"its card leads to {shown}"
        image = _one(tree, "//meta[@property='og:image']/@content").removeprefix(address.removesuffix(document.name))
        yield None if is_plain(site.root / image) else f"its card shows {image}, which is not here"
    for rel, back in (("next", "prev"), ("prev", "next")):
        place = _one(tree, f"//link[@rel='{rel}']/@href")
        other = names.get(_from(document.name, place)) if place else None
        mutual = (
            other is not None and _from(other.name, _one(other.tree, f"//link[@rel='{back}']/@href")) == document.name
        )
        yield None if mutual or not place else f"its {rel} page is said to be {place}"


def _one(tree: Any, path: str) -> str:
    return str(next(iter(tree.xpath(path)), ""))


def _from(name: str, place: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), place))
