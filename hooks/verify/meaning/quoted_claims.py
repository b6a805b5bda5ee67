"""A claim that stands on another page than its own says there what it says at home, with the same verdict."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.values_json import StatedRanking
from ..reader.visible_text import plain
from .tables import text_of

MARKED = "//@class[contains(., 'bc')]/.."
CLAIM = "bc"
"""The class of a claim."""
PARTS = ("bc-state", "bc-text", "bc-scope")
"""What only stands in a claim."""
SCOPE = "in this session"
Quote = tuple[str, str, bool]


def check(site: Site) -> Iterator[Examined]:
    """Looks at every claim that is no claim of its page."""
    known: set[Quote] = {
        (plain(claim.text), claim.verdict, claim.in_session)
        for page in site.pages
        for claim in page.stated.claims.values()
    }
    ties: set[Quote] = {
        (page.name, f"None is shown to be the best for {claim.what}: these cannot be told apart.", claim.in_session)
        for page in site.pages
        for claim in page.stated.claims.values()
        if isinstance(claim, StatedRanking) and claim.verdict == "not settled"
    }
    for document in site.documents:
        for element in document.tree.xpath(MARKED):
            if element.get("class") in PARTS:
                inside = any(CLAIM in str(owner.get("class")).split() for owner in element.iterancestors())
                yield Examined(document.name, None if inside else f"“{text_of(element)}” stands in no claim")
            elif CLAIM in element.get("class").split() and element.get("data-claim") is None:
                yield Examined(document.name, _problem(document.name, element, known, ties))


def _problem(name: str, element: Any, known: set[Quote], ties: set[Quote]) -> str | None:
    states = [text_of(one) for one in element.find_class("bc-state")]
    scopes = [text_of(one) for one in element.find_class("bc-scope")]
    whole = plain(text_of(element))
    if states != [element.get("data-state")] or scopes not in ([], [SCOPE]):
        return f"“{whole}” is marked as {element.get('data-state')}"
    text = whole.removesuffix(SCOPE if scopes else "").strip().removesuffix(states[0]).strip()
    if (text, states[0], bool(scopes)) in known:
        return None
    led = [_page(name, str(link)) for link in element.xpath(".//@href")]
    if states == ["not settled"] and any((page, text, bool(scopes)) in ties for page in led):
        return None
    return f"“{text}” is called {states[0]}{' in this session' if scopes else ''}, which no report says"


def _page(name: str, link: str) -> str:
    """The page to which a link of the page ``name`` leads."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), link.partition("#")[0]))
