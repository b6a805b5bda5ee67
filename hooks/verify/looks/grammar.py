"""A drawing is made of the few elements and attributes that our charts have, so that nothing covers, hides, turns or
stretches what the other checks read in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..reader.drawing import read
from ..reader.figure import Figure, figures
from ..reader.legend import CLEAR
from ..reader.mismatches import Examined
from ..reader.site import Site

_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_MOVE = rf"translate\({_NUMBER},{_NUMBER}\)"
_COLOUR = re.compile(r"none|transparent|var\(--b-chart-(?:\d|ink|soft|grid)\)")
_TRANSFORM = re.compile(rf"{_MOVE}(?: rotate\({_NUMBER}\) {_MOVE})?")
_PLACES = re.compile(rf"{_NUMBER}(?:px)?(?:,{_NUMBER})*")
_SIZE = re.compile(r"(?!0+(?:\.0+)?(?:px)?$)\d+(?:\.\d+)?(?:px)?")
_WORDS = re.compile(r"[\w -]+")
_ANY = re.compile(r".*", re.DOTALL)
_VIEW = re.compile(r"0 0 (?P<width>\d+) (?P<height>\d+(?:\.\d+)?)")
OF_ALL: Mapping[str, re.Pattern[str]] = {
    "class": _WORDS,
    "fill": _COLOUR,
    "stroke": _COLOUR,
    "stroke-width": _SIZE,
    "stroke-miterlimit": _SIZE,
    "stroke-dasharray": _PLACES,
    "font-size": _SIZE,
    "font-weight": _WORDS,
    "font-style": _WORDS,
    "text-anchor": _WORDS,
    "transform": _TRANSFORM,
}
OWN: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "g": {},
    "a": {"href": _ANY, "aria-label": _ANY},
    "line": {"x2": _PLACES, "y2": _PLACES},
    "path": {"d": _ANY},
    "circle": {"r": _SIZE, "opacity": re.compile(r"0\.75")},
    "text": {"opacity": re.compile("0")},
    "tspan": {"x": _PLACES, "dy": _PLACES},
}
"""The attributes that each element has beside those of all. A label for which there is no room has no opacity."""
_ROOT = frozenset({"viewbox", "style", "font-family", "aria-hidden", "focusable", "xmlns"})
ROLES: Mapping[str, frozenset[str]] = {
    "line": frozenset({"role-mark", "role-axis-tick", "role-axis-grid", "role-axis-domain"}),
    "path": frozenset({"role-mark", "role-legend-symbol"}),
    "circle": frozenset({"role-mark", "role-legend-symbol"}),
}
"""What shapes are drawn for."""
LABELS = "role-axis-label"
FAINT = (*CLEAR, "var(--b-chart-grid)")
"""Colours in which nobody reads words."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every element of every drawing."""
    for page in site.pages:
        for figure in figures(page):
            if isinstance(figure, Figure):
                problem = next(filter(None, map(_problem, figure.drawings)), None)
                yield Examined(page.name, problem and f"{figure.name}: {problem}")


def _problem(svg: Any) -> str | None:
    view = _VIEW.fullmatch(svg.get("viewbox", ""))
    if view is None or svg.get("style") != f"max-width:{view['width']}px":
        return f"its drawing is seen through {svg.get('viewbox')} and has the style {svg.get('style')}"
    if set(svg.keys()) - _ROOT or len(svg) != 1 or svg[0].tag != "g":
        return "its drawing is more than one group of marks and axes"
    width, height = map(float, view.groups())
    for word in read(svg).words:
        if not (0 <= word.x <= width and 0 <= word.y <= height):
            return f"its words “{word.text}” stand outside of what is seen of it"
    return next(filter(None, (_element(one) for one in svg.iterdescendants() if isinstance(one.tag, str))), None)


def _element(element: Any) -> str | None:
    own = OWN.get(element.tag)
    if own is None:
        return f"it draws <{element.tag}>"
    for name, value in element.items():
        known = own.get(name) or OF_ALL.get(name)
        if known is None or not known.fullmatch(value):
            return f"its {element.tag} has the {name} “{value[:60]}”"
    role = role_of(element)
    if element.tag in ROLES and role not in ROLES[element.tag]:
        return f"it draws a {element.tag} that is no mark, no axis and no legend"
    faint = element.get("opacity") == "0" and role != LABELS
    if faint or (element.tag == "text" and fill_of(element) in FAINT):
        return f"its words “{element.text_content()}” cannot be seen"
    return None


def fill_of(element: Any) -> str:
    """What an element is filled with: the colour of its own, or of the group it stands in."""
    return next((str(one.get("fill")) for one in (element, *element.iterancestors("g")) if one.get("fill")), "")


def role_of(element: Any) -> str:
    """What an element is drawn for: the role of its own class, or of the group it stands in; empty where none has."""
    for one in (element, *element.iterancestors("g")):
        if found := re.search(r"role-[a-z-]+", one.get("class", "")):
            return found[0]
    return ""
