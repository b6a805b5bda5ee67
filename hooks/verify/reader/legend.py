"""The legend of a drawing: which colour and which shape each of its names has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

CUT = "…"
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


def legend(svg: Any, names: Collection[str]) -> dict[str, Ink]:
    """The ink of each of the ``names``, which are written without white space, and of any other label.

    A legend cuts a long name off. It tells nothing where what is left of one may be several names.
    """
    found: dict[str, Ink] = {}
    for label, ink in _entries(svg):
        cut = label.endswith(CUT)
        meant = [name for name in names if name == label or (cut and name.startswith(label.removesuffix(CUT)))]
        if len(meant) > 1:
            return {}
        found[meant[0] if meant else label] = ink
    return found


def has_labels(svg: Any) -> bool:
    """Whether a drawing has a legend."""
    return any(True for _ in _entries(svg))


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
