"""Every word that a chart's spec says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


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
