"""No number on a page stands by itself: what is left when values, declared literals and code are taken out has none.

The coverage that a page prints is counted again, and its declared literals are the ones that were declared.
"""

from __future__ import annotations

import copy
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from harness.units import UNITS

from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site

TAKEN_TAGS = ("script", "style", "template", "pre", "math", "data")
TAKEN_OUT = (
    ".//*/@data-lit/.. | .//*/@class[contains(., 'bv-coverage')"
    " or local-name(..)='a' and (contains(., 'footnote-') or contains(., 'headerlink'))"
    " or local-name(..)='g' and (contains(., 'role-axis-label') or contains(., 'role-legend-label')"
    " or contains(., 'mark-text') and contains(., 'role-mark'))]/.."
)
"""What else is taken out. To go by attributes takes a third of the time that to ask each element takes."""
LITERALS = ".//*[@data-lit]"
DATED = "changelog-and-errata"
"""The heading of the entries that have dates."""

SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "summary")
HEARD = " | ".join(f"descendant-or-self::*/@{name}/.." for name in SPOKEN)
WRITTEN_OUT = re.compile("⟨U\\+[0-9A-F]{4,6}⟩")
MAY_COUNT = re.compile("[0-9]|[^\x00-\x7f]")
"""A text without this has no digit. Most texts of a page have none, and to look at each character takes long."""
NAMES = re.compile(r"(?<![\w.,])(?:TR\d{3}(?:-agents)?|tr\d{3}(?:-agents)?|SHA-256)(?!\w|[.,]\d)")
_UNITS = "|".join(re.escape(symbol) for symbol in sorted(filter(None, UNITS), key=len, reverse=True))
_ALONE = re.compile(rf"[~≈<>≤≥+\-−]?\s*[\d.,\s]{{1,15}}\s*(?:{_UNITS})?")


def check(site: Site) -> Iterator[Examined]:
    """Looks through the body of every page."""
    counted = {document.name: _counted(document) for document in site.documents}
    for document in site.documents:
        yield from (Examined(document.name, problem) for problem in _loose(document))
        yield Examined(document.name, _coverage(document, *counted[document.name]))
        yield from (Examined(document.name, problem) for problem in _undated(document))
        for table in document.body.xpath(".//div[contains(@class, 'bv-totals')]"):
            yield from (Examined(document.name, problem) for problem in _totals(table, counted))


def _loose(document: Document) -> Iterator[str]:
    body = copy.deepcopy(document.body)
    for taken in [
        *body.iter(*TAKEN_TAGS),
        *body.xpath(TAKEN_OUT),
        *(code for code in body.iter("code") if not _is_number(code)),
    ]:
        _take_out(taken)
    said = document.tree.xpath("//head/title/text() | //head/meta[@name='description']/@content")
    for text in [*body.itertext(), *(_without_names(title, document) for title in said)]:
        if _numbers(text):
            yield f"“{' '.join(text.split())}” has a number that nothing stands behind"
    for element in document.body.xpath(HEARD):
        yield from _spoken(element)


def _without_names(title: str, document: Document) -> str:
    """The title of a page without the names that its own first heading declares."""
    for name in document.body.xpath(f".//h1{LITERALS.removeprefix('.')}"):
        title = title.replace(name.text_content(), " ")
    return title


def _take_out(element: Any) -> None:
    """Removes an element, and keeps the text after it apart from the text before it."""
    element.attrib.clear()
    for child in list(element):
        element.remove(child)
    element.text = None


def _is_number(code: Any) -> bool:
    return _ALONE.fullmatch(code.text_content().strip()) is not None


def _numbers(text: str) -> list[str]:
    if not MAY_COUNT.search(text):
        return []
    words = NAMES.sub(" ", WRITTEN_OUT.sub("", text)).split()
    return [word for word in words if any(map(_counts, word))]


def _counts(character: str) -> bool:
    numeral = unicodedata.category(character) in ("Nd", "Nl", "No")
    return numeral or unicodedata.numeric(character, None) is not None


def _spoken(element: Any) -> Iterator[str]:
    """Attributes that people hear may repeat the numbers of their own figure or table, and no others."""
    if element.tag == "data":
        return
    for name in SPOKEN:
        words = _numbers(element.get(name) or "")
        owner = next(element.iterancestors("figure", "table"), element) if words else element
        said = set(" ".join(owner.itertext()).replace("\u00a0", " ").split()) if words else set()
        for word in words:
            if word.strip(".,:;()“”") not in {token.strip(".,:;()“”") for token in said}:
                yield f"{name}=“{element.get(name)}” has the number {word}, which its figure does not show"


def _undated(document: Document) -> Iterator[str]:
    """What a page showed once stands only where entries have dates."""
    for literal in document.body.xpath(f"{LITERALS}[@data-lit='published'][not(preceding::*[@id='{DATED}'])]"):
        yield f"“{literal.text_content()}” is declared published outside of the changelog and the errata"


def _counted(page: Document) -> tuple[int, list[Any]]:
    """How many numbers of a page are bound, and the literals that are declared on it."""
    values = [value for value in page.body.iter("data") if _numbers(value.text_content())]
    return len(values), page.body.xpath(LITERALS)


def _totals(table: Any, pages: Mapping[str, tuple[int, list[Any]]]) -> Iterator[str | None]:
    """Compares the table of all pages with what they hold: bound, numbers, declared."""
    counted = {name: (bound, len(literals)) for name, (bound, literals) in pages.items() if bound or literals}
    sums = tuple(map(sum, zip(*counted.values(), strict=True)))
    expected = {name: (str(bound), str(bound), str(literals)) for name, (bound, literals) in counted.items()}
    expected["all pages"] = (str(sums[0]), str(sums[0]), str(sums[1]))
    rows = {row[0].text_content(): tuple(cell.text_content() for cell in row[1:]) for row in table.xpath(".//tbody/tr")}
    for name in sorted(expected.keys() | rows.keys()):
        right = rows.get(name) == expected.get(name)
        yield None if right else f"its totals say {rows.get(name)} of {name}, there are {expected.get(name)}"


def _coverage(page: Document, bound: int, literals: list[Any]) -> str | None:
    printed = page.body.xpath(".//p[contains(@class, 'bv-coverage')]")
    counted = (str(bound), str(bound), str(len(literals)))
    if len(printed) != 1:
        return "it does not print its coverage" if bound else None
    stated = tuple(printed[0].get(f"data-{name}") for name in ("bound", "numbers", "declared"))
    said = tuple(re.findall(r"\d+", printed[0].text_content()))
    if stated != counted or said != counted:
        return f"it prints a coverage of {said}, there are {counted}"
    declared = "\n".join(f"{literal.get('data-lit')} {literal.text_content()}" for literal in literals)
    if printed[0].get("data-literals") != hashlib.sha256(declared.encode()).hexdigest():
        return "its declared literals are not the ones that were declared"
    return None
