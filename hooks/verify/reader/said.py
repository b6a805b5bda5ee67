"""Every word that a chart's spec says, and which end of an axis it calls better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ARROWS: Mapping[str, Mapping[str, bool]] = {
    "x": {" ← better": False, " better →": True},
    "y": {" ↓ better": False, " ↑ better": True},
}
"""What a title of an axis across or upright ends with: whether a high number is the better one."""


def is_said(text: str, known: set[str]) -> bool:
    cut = text.removesuffix("…")
    return text in known or (cut != text and any(phrase.startswith(cut) for phrase in known))


def said(node: object, key: str = "") -> Iterator[str]:
    """Every title and every label of the data in a spec."""
    if isinstance(node, str):
        if key in ("title", "text", "subtitle", "label", "series", "group"):
            yield " ".join(node.split())
    elif isinstance(node, Mapping):
        for name, child in node.items():
            yield from said(child, name)
    elif isinstance(node, list):
        if key == "title" and all(isinstance(line, str) for line in node):
            yield " ".join(" ".join(node).split())  # a title in several lines
        for child in node:
            yield from said(child, key)


def told(title: str, side: str) -> bool | None:
    """The better end that a title tells: whether it is the high one, or ``None`` for neither."""
    return next((high for arrow, high in ARROWS[side].items() if title.endswith(arrow)), None)


def without_arrow(title: str) -> str:
    """The words of a title before its arrow."""
    arrows = (arrow for of_side in ARROWS.values() for arrow in of_side)
    return next((title.removesuffix(arrow) for arrow in arrows if title.endswith(arrow)), title)


def titles_of(node: object, side: str) -> Iterator[str]:
    """The titles of the quantitative axes of one side."""
    for axis in axes_of(node, side):
        title = axis.get("title") or (axis.get("axis") or {}).get("title")
        if title and axis.get("type") == "quantitative":
            yield in_one_line(title)


def axes_of(node: object, side: str) -> Iterator[Mapping[str, Any]]:
    """What a spec encodes on one side, wherever in it that is."""
    if isinstance(node, Mapping):
        if isinstance(axis := node.get(side), Mapping):
            yield axis
        for key, child in node.items():
            if key not in ("data", "datasets"):
                yield from axes_of(child, side)
    elif isinstance(node, list):
        for child in node:
            yield from axes_of(child, side)


def in_one_line(title: object) -> str:
    """The words of a title, which may be broken into several lines."""
    lines = title if isinstance(title, list) else [title]
    return " ".join(" ".join(map(str, lines)).split())
