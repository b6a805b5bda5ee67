"""The runs that a page offers as ``samples.csv`` are the ones behind its numbers."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.plain_files import is_plain
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..recompute.questions import answer

NAME = "samples.csv"
RELATIVE = 1e-12
Row = tuple[str, str, float | None]


def check(site: Site) -> Iterator[Examined]:
    """Compares every row with the sealed files; values that no page shows may be there as well."""
    for page in site.pages:
        path = page.path.with_suffix("") / NAME
        if is_plain(path):
            yield from _page(site, page, path)


def _page(site: Site, page: Page, path: Path) -> Iterator[Examined]:
    try:
        offered = _offered(path)
    except (ValueError, KeyError, csv.Error) as error:
        yield Examined(page.name, f"{NAME} cannot be read: {error}")
        return
    for key, value in page.stated.values.items():
        if value.question is None:
            continue
        try:
            found = answer(site, value.question)
        except CannotAnswer:
            continue
        expected = list(zip(found.runs, found.cells, found.numbers, strict=True)) if found.n else []
        right = _agree(offered.get(key, []), expected)
        yield Examined(page.name, None if right else f"{NAME} does not hold the runs behind {key}")


def _offered(path: Path) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = float(row["number"]) if row["number"] else None
            rows.setdefault(row["value"], []).append((row["run"], row["cell"], number))
    return rows


def _agree(offered: list[Row], expected: list[Row]) -> bool:
    return len(offered) == len(expected) and all(
        one[:2] == other[:2] and _same(one[2], other[2]) for one, other in zip(offered, expected, strict=True)
    )


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=RELATIVE)
