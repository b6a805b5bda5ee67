"""The QR code of a page on paper is that of its own address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import segno

from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.site import Site

PAPER, MARGIN = "//div[contains(concat(' ', @class, ' '), ' b-paper ')]", 4
STEP = re.compile(r"([Mmh])(-?[0-9.]+)(?: (-?[0-9.]+))?")
MASK = ((8, 2), (8, 3), (8, 4))
"""The row and the columns of the modules that say which mask a code has, each but the second inverted."""
Dark = frozenset[tuple[int, int]]


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page that has such a code or an address."""
    for document in site.documents:
        for paper in document.tree.xpath(PAPER):
            yield Examined(document.name, _problem(document, paper.get("data-address"), paper.xpath(".//path/@d")))


def _problem(document: Document, said: str | None, paths: list[str]) -> str | None:
    address = next(map(str, document.tree.xpath("//link[@rel='canonical']/@href")), said)
    if said is None or said != address:
        return f".b-paper: its address is said to be {said}, it is {address}"
    drawn = _dark(str(paths[0])) if len(paths) == 1 else frozenset()
    mask = sum(
        ((place in drawn) ^ (turned == "1")) << bit for place, turned, bit in zip(MASK, "101", (2, 1, 0), strict=True)
    )
    rows = segno.make(said, micro=False, mask=mask).matrix
    right = frozenset((y, x) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark & 1)
    return None if drawn == right else f".b-paper: its code is not that of {said}: {len(drawn ^ right)} modules differ"


def _dark(path: str) -> Dark:
    """The dark modules of a code by row and column; its path draws each run of them as a line of width one."""
    found: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    for kind, first, second in STEP.findall(path):
        if kind == "h":
            found |= {(int(y) - MARGIN, column - MARGIN) for column in range(int(x), int(x + float(first)))}
            x += float(first)
        else:
            x, y = (float(first), float(second or 0)) if kind == "M" else (x + float(first), y + float(second or 0))
    return frozenset(found)
