"""Finds the numbers that no value stands behind.

The rendered HTML of a report page is walked: every digit must lie in a value (``data``), in a declared literal
(``data-lit``), in a code block, or in a label of an axis, a legend or a point, which the chart makes from its data.
Digits of every script, superscripts, fractions and percentages count; number words do not. Attributes that people see
or hear (``alt``, ``title``, ``aria-label``) and the description of a chart may repeat the numbers of their own figure
or table; the front matter and the titles of charts may hold none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from lxml import html as parser
from lxml.html import HtmlElement

from harness.units import UNITS

from ..text.numbers import has_number
from .declared_columns import declare_columns
from .html_tree import tree_of


class Place(StrEnum):
    """Where in a page a number stands."""

    PROSE = "prose"
    HEADING = "heading"
    CAPTION = "caption"
    CELL = "table cell"
    CODE = "inline code that is nothing but a number"
    CHART_TEXT = "chart text"
    CHART_TITLE = "chart title"
    ATTRIBUTE = "alternative text"
    FRONT = "front matter"


@dataclass(frozen=True, slots=True)
class Loose:
    """A number that nothing stands behind: the token, the words around it, and its place."""

    number: str
    context: str
    place: Place


@dataclass(frozen=True, slots=True)
class Declared:
    """A literal as declared on the page."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Scan:
    """All numbers of a page: how many are bound to values, which are declared, which are loose."""

    bound: int = 0
    declared: tuple[Declared, ...] = ()
    loose: tuple[Loose, ...] = ()

    @property
    def numbers(self) -> int:
        """How many numbers ought to be bound."""
        return self.bound + len(self.loose)

    def __add__(self, other: Scan) -> Scan:
        return Scan(self.bound + other.bound, self.declared + other.declared, self.loose + other.loose)


_SKIPPED = frozenset({"script", "style", "template", "pre", "head", "object", "math"})
_GENERATED = frozenset({"footnote-ref", "footnote-backref", "headerlink", "bv-coverage"})
_SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "summary")
_PLACES = {
    "figcaption": Place.CAPTION,
    "caption": Place.CAPTION,
    "td": Place.CELL,
    "th": Place.CELL,
    "svg": Place.CHART_TEXT,
} | {f"h{level}": Place.HEADING for level in range(1, 7)}
_LABELS = ("role-axis-label", "role-legend-label", "mark-text role-mark")
_SYMBOLS = "|".join(re.escape(symbol) for symbol in sorted(filter(None, UNITS), key=len, reverse=True))
_BARE = re.compile(rf"[~≈<>≤≥+\-−]?\s*[\d.,\u00a0\u202f]{{1,15}}\s*(?:{_SYMBOLS})?")
_WRITTEN_OUT = re.compile("⟨U\\+[0-9A-F]{4,6}⟩")
_WORDS_AROUND = 40
_NAMES_IN_HEADING = "//article//h1//*[@data-lit]"
_DESCRIBES = "@name='description' or @property='og:title' or @property='og:description'"


def scan_html(page: str, identifiers: Collection[str] = ()) -> Scan:
    """The numbers of a page or of a piece of one. Of a whole page, its ``article`` and its title are walked.

    ``identifiers`` are names such as ``TR108`` that may stand anywhere. The title may repeat the names that the page's
    own first heading declares.
    """
    walker = _Walker(_masks(frozenset(identifiers)))
    tree = tree_of(page) if page.strip() else parser.Element("div")
    declare_columns(tree)
    articles = tree.xpath("//article")
    for root in articles or [tree]:
        walker.walk(root, Place.PROSE)
    named = _masks(frozenset(literal.text_content() for literal in tree.xpath(_NAMES_IN_HEADING)))
    for described in tree.xpath(f"//head/title/text() | //head/meta[{_DESCRIBES}]/@content"):
        walker.text(_masked(str(described), named), Place.FRONT)
    return walker.scan()


def scan_words(texts: Iterable[str], identifiers: Collection[str] = ()) -> Scan:
    """The numbers of texts that can hold no markup, such as the title in a front matter."""
    walker = _Walker(_masks(frozenset(identifiers)))
    for text in texts:
        walker.text(text, Place.FRONT)
    return walker.scan()


def scan_spec(spec: Mapping[str, Any], repeated: Collection[str] = (), identifiers: Collection[str] = ()) -> Scan:
    """The titles and descriptions of a Vega-Lite spec; descriptions may repeat the ``repeated`` texts."""
    titles, descriptions = _Walker(_masks(frozenset(identifiers))), Scan()
    for key, text in _words(spec):
        if key == "description":
            walker = _Walker(_masks(frozenset(phrase for phrase in (*identifiers, *repeated) if phrase in text)))
            walker.text(text, Place.CHART_TITLE)
            descriptions += walker.scan()
        else:
            titles.text(text, Place.CHART_TITLE)
    return titles.scan() + descriptions


class _Walker:
    """Collects the numbers of one page."""

    def __init__(self, masks: re.Pattern[str] | None) -> None:
        self._masks = masks
        self._bound = 0
        self._declared: list[Declared] = []
        self._loose: list[Loose] = []

    def scan(self) -> Scan:
        return Scan(self._bound, tuple(self._declared), tuple(self._loose))

    def walk(self, element: HtmlElement, place: Place) -> None:
        """``element`` and all that it holds, but not the text after it."""
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            return
        classes = frozenset(element.get("class", "").split())
        if element.tag == "data":
            self._bound += has_number(element.text_content())
        elif element.get("data-lit") is not None:
            self._declared.append(Declared(element.text_content(), element.get("data-lit", "")))
        elif element.tag == "code":
            self._code(element)
        elif not classes & _GENERATED and not (place is Place.CHART_TEXT and _is_label(element)):
            self._inside(element, _PLACES.get(element.tag, place))

    def _inside(self, element: HtmlElement, place: Place) -> None:
        if place is not Place.CHART_TEXT:
            self._attributes(element)
        self.text(element.text, place)
        for child in element:
            self.walk(child, place)
            self.text(child.tail, place)

    def _attributes(self, element: HtmlElement) -> None:
        for name in _SPOKEN:
            spoken = element.get(name)
            if spoken and has_number(spoken):
                repeated = _masks(frozenset(shown for shown in _shown_beside(element) if shown in spoken))
                self.text(_masked(spoken, repeated), Place.ATTRIBUTE)

    def _code(self, element: HtmlElement) -> None:
        text = element.text_content()
        if has_number(text) and _BARE.fullmatch(text.strip()):
            self.text(text, Place.CODE)

    def text(self, text: str | None, place: Place) -> None:
        """A piece of running text."""
        if not text or not has_number(text):
            return
        masked = _masked(_masked(text, _WRITTEN_OUT), self._masks)
        for token in re.finditer(r"\S+", masked):
            if has_number(token[0]):
                self._loose.append(Loose(token[0].strip("()[],;:.!?“”\"'"), _around(text, token), place))


def _is_label(element: HtmlElement) -> bool:
    """Whether it is made by a chart from its data: of an axis, of a legend, or of a point."""
    kind = element.get("class", "")
    return any(label in kind for label in _LABELS) or ("mark-text" in kind and "role-mark" in kind)


def _is_number(element: HtmlElement) -> bool:
    return element.tag == "data" or element.get("data-lit") is not None


def _shown_beside(element: HtmlElement) -> list[str]:
    """The values and literals of the figure or table that ``element`` belongs to, or that it holds itself."""
    owner = next((kin for kin in element.iterancestors("figure", "table")), element)
    return [shown.text_content() for shown in owner.iter("data", "span", "th", "td") if _is_number(shown)]


def _words(node: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text that people read, outside the data, with the kind of key it stands under."""
    if isinstance(node, str):
        if key:
            yield key, node
    elif isinstance(node, Mapping):
        for name, child in node.items():
            if name not in ("data", "datasets", "usermeta", "values"):
                yield from _words(child, name if name in ("title", "subtitle", "text", "description") else "")
    elif isinstance(node, Sequence):
        for child in node:
            yield from _words(child, key)


@lru_cache(maxsize=64)
def _masks(phrases: frozenset[str]) -> re.Pattern[str] | None:
    """Whole phrases that may stand in plain text, longest first."""
    wanted = sorted({phrase for phrase in phrases if phrase}, key=lambda phrase: (-len(phrase), phrase))
    if not wanted:
        return None
    return re.compile(rf"(?<![\w.,])(?:{'|'.join(map(re.escape, wanted))})(?![\w]|[.,]\d)")


def _masked(text: str, masks: re.Pattern[str] | None) -> str:
    return masks.sub(lambda found: " " * len(found[0]), text) if masks else text


def _around(text: str, token: re.Match[str]) -> str:
    """The words around a token, on one line."""
    start, end = max(0, token.start() - _WORDS_AROUND), token.end() + _WORDS_AROUND
    return " ".join(text[start:end].split())
