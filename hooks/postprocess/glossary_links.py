"""The first use of a term on a page leads to what it means.

Running text alone is searched: paragraphs, items and definitions, outside of headings, code, links, tables and figures.
A name that is declared as such becomes a link as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..text.escaping import escape_html
from ..text.terms import PAGE, Term, Terms

_TOKEN = re.compile(r"""<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^'">])*>|[^<]+|<""", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
_CLASS = re.compile(r'\bclass="([^"]*)"')
_LITERAL = "<span data-lit="
_RUNNING, _NEVER = "running text", "never"
_EMPTY = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_TEXT = frozenset({"p", "li", "dd"})
_NEVER_IN = frozenset(
    {
        "a", "button", "code", "data", "details", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "label", "nav", "pre",
        "script", "style", "summary", "svg", "table",
    }
)  # fmt: skip
_NEVER_OF = frozenset({"bc-state", "b-badges", "b-facts", "b-kicker", "b-audit-line", "b-paper", "bv-coverage"})
_FOLD = "b-fold"
"""A section that a reader may close is running text; other disclosures are not."""


def with_terms(page: str, terms: Terms, name: str) -> str:
    """The page called ``name`` (``reports/tr108.html``), each term in its article a link where it is first used."""
    start, end = page.find("<article"), page.rfind("</article>")
    if start < 0 or end < 0:
        return page
    up = "../" * name.count("/")
    return page[:start] + "".join(_Linked(terms, f"{up}{PAGE}.html").of(page[start:end])) + page[end:]


class _Linked:
    """One page while it is read: which elements are open, and which terms were met."""

    def __init__(self, terms: Terms, address: str) -> None:
        self._terms = terms
        self._address = address
        self._open: list[tuple[str, str]] = []
        self._met: set[str] = set()

    def of(self, html: str) -> Iterator[str]:
        """The pieces of the page with its links."""
        tokens, place = _TOKEN.findall(html), 0
        while place < len(tokens):
            token = tokens[place]
            named = "".join(tokens[place : place + 3])
            term = self._declared(tokens[place : place + 3]) if self._running else None
            if term:
                yield self._link(term, named)
                place += 3
                continue
            if token.startswith("<"):
                self._tag(token)
                yield token
            else:
                yield self._terms.pattern.sub(self._first, token) if self._running else token
            place += 1

    def _declared(self, tokens: Sequence[str]) -> Term | None:
        """The term that a literal is, where it is just that."""
        if len(tokens) < 3 or not tokens[0].startswith(_LITERAL) or tokens[2] != "</span>":
            return None
        return self._new(tokens[1])

    def _first(self, found: re.Match[str]) -> str:
        term = self._new(found[0])
        return self._link(term, found[0]) if term else found[0]

    def _new(self, text: str) -> Term | None:
        """The term that ``text`` is a form of, unless the page has met it."""
        term = self._terms.by_form.get(text.lower())
        if term is None or term.id in self._met:
            return None
        self._met.add(term.id)
        return term

    def _link(self, term: Term, shown: str) -> str:
        return f'<a class="b-term" href="{self._address}#{escape_html(term.id)}">{shown}</a>'

    @property
    def _running(self) -> bool:
        """Whether what comes now is running text."""
        return any(kind == _RUNNING for _, kind in self._open) and all(kind != _NEVER for _, kind in self._open)

    def _tag(self, token: str) -> None:
        found = _NAME.match(token)
        if found is None:
            return
        name = found[1].lower()
        if token.startswith("</"):
            while self._open and self._open.pop()[0] != name:
                pass
        elif name not in _EMPTY and not token.endswith("/>"):
            self._open.append((name, _kind(name, token)))


def _kind(name: str, token: str) -> str:
    said = _CLASS.search(token)
    classes = set(said[1].split()) if said else set()
    if (
        classes & _NEVER_OF
        or token.startswith(_LITERAL)
        or (name in _NEVER_IN and not (name == "details" and _FOLD in classes))
    ):
        return _NEVER
    return _RUNNING if name in _TEXT else ""
