"""The shade of a cell of a heat map is that of its number: the least has the first, the largest the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site

SHADE = re.compile(r"\bb-heat-(\d+)\b")
LAST = 4


def check(site: Site) -> Iterator[Examined]:
    """Looks at every table that has shades."""
    for page in site.pages:
        for table in page.body.xpath(".//table[.//td[contains(@class, 'b-heat-')]]"):
            yield Examined(page.name, _problem(page, table))


def _problem(page: Page, table: Any) -> str | None:
    found: list[tuple[int, float | None]] = []
    for cell in table.xpath(".//td[contains(@class, 'b-heat-')]"):
        marked = SHADE.search(str(cell.get("class")))
        value = page.stated.values.get(next(map(page.shown, cell.iter("data")), ""))
        found.append((int(marked[1]) if marked else -1, value.number if value else None))
    known = [number for _, number in found if number is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    for shade, number in found:
        right = 0 if number is None or low == high else round(LAST * (number - low) / (high - low))
        if shade != right:
            return f"{table.get('id') or 'a table'}: {number} has the shade {shade} of {LAST}, not {right}"
    return None
