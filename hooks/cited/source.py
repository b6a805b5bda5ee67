"""What the source says: each quoted line with its number, and the SHA-256 of the whole document.

    <sha256>  <name of the document>
    9<tab>| **TR108** | Single-Inference Optimization | …

A quotation must stand in a line, and a number in a quotation of it. Whoever has the document can compare its hash and
its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError

from .figure import Figure

SOURCE = "source.txt"
_HEAD = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<name>\S+)")
_LINE = re.compile(r"(?P<number>[1-9][0-9]*)\t(?P<text>.*)")
_EMPHASIS = re.compile(r"[*`]")
_DAMAGED = {"Ã—": "×"}
"""How the document spells a sign that was decoded wrongly when it was published."""


@dataclass(frozen=True, slots=True)
class Source:
    """The document's name and hash, and its quoted lines by number."""

    name: str
    sha256: str
    lines: dict[int, str]

    def demand(self, figures: Iterable[Figure]) -> None:
        """Raises ``UsageError`` for a quotation that no line holds, and for a number that no quotation of it holds."""
        spoken = [_plain(line) for line in self.lines.values()]
        for figure in figures:
            for place in figure.places:
                if not any(_plain(place.text) in line for line in spoken):
                    raise UsageError(
                        f"{figure.id}: {place.text!r} stands in no line of {self.name} that {SOURCE} holds; quote it "
                        "as it is printed, with its line"
                    )
            texts = [_plain(place.text).replace("−", "-").replace(",", "") for place in figure.places]
            for printed in figure.printed:
                if not any(_stands(printed, text) for text in texts):
                    raise UsageError(f"{figure.id}: the number {printed} stands in no quotation of it; copy the digits")


def read_source(folder: Path) -> Source:
    """The source of the figures in ``folder``. Raises ``UsageError`` with the line at fault."""
    path = folder / SOURCE
    try:
        head, *rest = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"{SOURCE} cannot be read: {error}; restore it") from None
    top = _HEAD.fullmatch(head)
    found = [_LINE.fullmatch(line) for line in rest]
    if top is None or None in found:
        number = 1 if top is None else 2 + found.index(None)
        raise UsageError(f"{SOURCE}:{number}: not a line of a source; restore it")
    return Source(top["name"], top["sha256"], {int(one["number"]): one["text"] for one in found if one})


def _plain(text: str) -> str:
    for damaged, meant in _DAMAGED.items():
        text = text.replace(damaged, meant)
    return _EMPHASIS.sub("", text)


def _stands(printed: str, text: str) -> bool:
    """Whether the digits stand there alone; *sub-* before a unit says below one of it."""
    digits = printed.lstrip("+-")
    alone = re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d|\.\d)", text)
    return alone is not None or (digits == "1" and "sub-" in text)
