"""Refuses, in the article of a finished page, every element and attribute that no page of ours has.

What is listed is what generated code, Markdown and its extensions write. Anything else is an error of the page and not
cleaned away: a page that needs cleaning says something that nobody meant to publish. Scripts are refused a second time
by the content security policy of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lxml import html

from harness.errors import UsageError

from .html_tree import document


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


_EVERYWHERE = frozenset({"id", "class", "title", "role", "tabindex", "lang"})
_FAMILIES = re.compile(r"(?:aria|data)-[a-z-]+")
_DRAWING = _words(
    "fill stroke opacity fill-opacity stroke-width stroke-opacity stroke-miterlimit stroke-dasharray stroke-linecap "
    "stroke-linejoin transform font-size font-family font-weight font-style text-anchor dominant-baseline x y x1 x2 y1 "
    "y2 dx dy cx cy r rx ry d points width height viewbox preserveaspectratio xmlns version focusable marker-end "
    "marker-start refx refy markerwidth markerheight markerunits orient clip-path pointer-events letter-spacing"
)
_TEXT = _words(
    "article h1 h2 h3 h4 h5 h6 p br hr em strong code pre blockquote ul li dl dt dd span div sup sub abbr kbd mark "
    "figure figcaption caption thead tbody tfoot tr details summary nav section"
)
_DRAWN = _words("svg g path rect line circle polyline polygon text tspan defs marker desc title clippath")
ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(_TEXT, frozenset()),
    **dict.fromkeys(_DRAWN, _DRAWING),
    "a": frozenset({"href", "rel", "target", "download", "hreflang"}),
    "data": frozenset({"value"}),
    "div": frozenset({"markdown"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "alt", "width", "height", "loading"}),
    "input": frozenset({"type", "checked", "name"}),
    "label": frozenset({"for"}),
    "ol": frozenset(),
    "table": frozenset(),
    "td": frozenset({"colspan", "rowspan", "style"}),
    "th": frozenset({"colspan", "rowspan", "scope", "style"}),
    "time": frozenset({"datetime"}),
    "button": frozenset({"type"}),
}
_ADDRESS = re.compile(r"(?:https?:|mailto:|(?![a-z][a-z0-9+.-]*:)).*", re.IGNORECASE | re.DOTALL)
_OURS = re.compile(r"(?!data:|[a-z][a-z0-9+.-]*:|//).*", re.IGNORECASE | re.DOTALL)
_STYLES = {
    "td": re.compile(r"text-align: (?:left|right|center);"),
    "th": re.compile(r"text-align: (?:left|right|center);"),
    "svg": re.compile(r"(?:[a-z-]+: ?[a-z0-9.%#() -]+;? ?)*", re.IGNORECASE),
}
_INPUTS = frozenset({"radio", "checkbox"})


@cache
def _is_of_family(attribute: str) -> bool:
    return bool(_FAMILIES.fullmatch(attribute))


def demand_article(page: str, name: str) -> None:
    """Raises ``UsageError`` that names the page, and the first element or attribute that has no place in it."""
    for article in document(page).iter("article"):
        for element in article.iter():
            if wrong := next(_wrong(element), None):
                raise UsageError(f"{name}: {wrong} has no place in an article; write it in Markdown, or leave it out")


def _wrong(element: html.HtmlElement) -> Iterator[str]:
    tag = element.tag
    if not isinstance(tag, str):
        yield "a comment or an instruction"
        return
    allowed = ALLOWED.get(tag)
    if allowed is None or (tag in _DRAWN - {"svg", "title"} and not _inside_svg(element)):
        yield f"<{tag}>"
        return
    for attribute, value in element.attrib.items():
        known = attribute in _EVERYWHERE or attribute in allowed or _is_of_family(attribute)
        style = attribute == "style" and tag in _STYLES and _STYLES[tag].fullmatch(value)
        if attribute == "style" and not style:
            yield f"<{tag} style={value[:40]!r}>"
        elif not known and not style:
            yield f"<{tag} {attribute}>"
        elif attribute == "href" and not _ADDRESS.fullmatch(value.strip()):
            yield f"a link to {value[:40]!r}"
        elif attribute == "src" and not _OURS.fullmatch(value.strip()):
            yield f"a picture from {value[:40]!r}"
        elif (tag, attribute) == ("input", "type") and value not in _INPUTS:
            yield f"<input type={value[:20]!r}>"


def _inside_svg(element: html.HtmlElement) -> bool:
    return any(parent.tag == "svg" for parent in element.iterancestors())
