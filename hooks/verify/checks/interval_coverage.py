"""Every figure of the coverage simulation is in the file of its figures, and every row of the file is on the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..reader.mismatches import Examined
from ..reader.plain_files import is_plain
from ..reader.site import Site
from ..recompute.equality import same

SOURCE = "methodology/coverage.json"
PAGE = "methodology/coverage.html"
Figure = tuple[float | None, int | None]


def check(site: Site) -> Iterator[Examined]:
    """Compares values whose operation is *simulated* with the rows."""
    path = site.root / SOURCE
    try:
        figures = dict(_figures(json.loads(path.read_bytes()))) if is_plain(path) else {}
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Examined(SOURCE, "it holds no simulations")
        return
    shown = set()
    for page, key, value in site.values():
        if value.operation != "simulated":
            continue
        shown.add(value.name)
        number, n = figures.get(value.name, (None, -1))
        scaled = None if number is None else number / value.scale
        right = same(value.number, scaled) and value.n == n and (value.status, value.source) == ("modelled", SOURCE)
        yield Examined(page.name, None if right else f"{key}: the simulation says {scaled} of {n}")
    if any(page.name == PAGE for page in site.pages):
        yield from (Examined(PAGE, f"{name} is left out") for name in figures.keys() - shown)


def _figures(body: Any) -> Iterator[tuple[str, Figure]]:
    """The number (of 1) and the simulations of each figure, by the name that the page gives it."""
    yield "simulations a row", (body["simulations"], None)
    for row in body["rows"]:
        asked = f"{row['procedure']}, {row['shape']}, {row['n']}"
        yield f"{asked}, found", (row["share"], row["simulations"])
        yield f"{asked}, printed", (row["printed"], row["simulations"])
