"""The word beside a ratio says what its interval says: an effect, an equivalence, or none found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..reader.mismatches import Examined
from ..reader.questions_json import StatedContrast
from ..reader.site import Site
from ..reader.values_json import StatedValue
from .tables import tables

FINDING = "finding"
MARGIN = 1.05
"""Two levels may be called equivalent whose ratio lies within this, either way."""


def check(site: Site) -> Iterator[Examined]:
    """Reads every cell headed *finding* that stands after a ratio."""
    for page in site.pages:
        for table in tables(site, page):
            for row in table.rows:
                for before, cell in pairwise(row):
                    if cell.heading == FINDING and before.value and isinstance(before.value.question, StatedContrast):
                        right = cell.text in _words(before.value)
                        said = f"{table.name}: {before.text} is called “{cell.text}”"
                        yield Examined(page.name, None if right else said)


def _words(ratio: StatedValue) -> tuple[str, ...]:
    """The words that a ratio may have. An equivalence rests on a narrower interval, which the page does not state."""
    if ratio.interval is None or ratio.number is None:
        return ("unknown", "equivalent")
    low, high = ratio.interval.low, ratio.interval.high
    if low > 1 / MARGIN and high < MARGIN:
        return ("equivalent",)
    near = 1 / MARGIN < ratio.number < MARGIN
    return ("none found" if low <= 1 <= high else "effect", *(("equivalent",) if near else ()))
