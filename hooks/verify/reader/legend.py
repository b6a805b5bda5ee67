"""The legend of a drawing: which colour and which shape each of its names has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CLEAR = ("", "none", "transparent")
_DIGITS = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour, and a shape without its size; a line has no shape."""

    colour: str
    shape: str


def ink_of(element: Any) -> Ink:
    """How a shape is drawn: in its own colour, or in that of its groups."""
    owners = (element, *element.iterancestors("g"))
    colours = (one.get(name) for one in owners for name in ("fill", "stroke"))
    colour = next((found for found in colours if found and found not in CLEAR), "")
    return Ink(colour, "circle" if element.tag == "circle" else _DIGITS.sub("", element.get("d", "")))


def legend(svg: Any) -> dict[str, Ink]:
    """The ink of each name, which is written without white space."""
    return dict(_entries(svg))


def _entries(svg: Any) -> Iterator[tuple[str, Ink]]:
    for symbols in svg.iter("g"):
        if "role-legend-symbol" in symbols.get("class", ""):
            drawn = next(symbols.iter("path", "circle"), None)
            words = [one for one in symbols.itersiblings() if "role-legend-label" in one.get("class", "")]
            if drawn is not None and words:
                yield bare(words[0].text_content()), ink_of(drawn)


def bare(text: str) -> str:
    """A name without white space: legends break long ones into lines."""
    return "".join(text.split())
