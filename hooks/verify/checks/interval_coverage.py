"""Every figure of the coverage simulation is in the file of its figures, and every row of the file is on the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
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
    for page in site.pages:
        if page.name == PAGE:
            yield from (Examined(PAGE, f"{name} is left out") for name in figures.keys() - shown)
            yield from (Examined(PAGE, problem) for problem in _rows(page, json.loads(path.read_bytes())["rows"]))


def _rows(page: Page, simulated: Sequence[Mapping[str, Any]]) -> Iterator[str | None]:
    """What a row says of its simulation: runs, shape, what is promised and whether that holds."""
    known = {f"{row['procedure']}, {row['shape']}, {row['n']}": row for row in simulated}
    for table in page.body.xpath(".//table[thead/tr/th]"):
        if [text.text_content() for text in table.xpath("./thead/tr/th")][-2:] != ["promised", "holds"]:
            continue
        for cells in table.xpath("./tbody/tr"):
            said = [" ".join(cell.text_content().split()) for cell in cells]
            names = {page.stated.values[key].name.rpartition(", ")[0] for key in map(page.shown, cells.iter("data"))}
            row = known.get(names.pop(), {}) if len(names) == 1 else {}
            verdict = "" if row.get("promise") == "shown" else "yes" if row.get("holds") else "no"
            right = [row.get("n"), row.get("shape"), row.get("promise"), verdict]
            same = [said[0], said[1], *said[-2:]] == right
            yield None if same else f"a row says {' | '.join(said)}, its simulation {' | '.join(map(str, right))}"


def _figures(body: Any) -> Iterator[tuple[str, Figure]]:
    """The number (of 1) and the simulations of each figure, by the name that the page gives it."""
    yield "simulations a row", (body["simulations"], None)
    for row in body["rows"]:
        asked = f"{row['procedure']}, {row['shape']}, {row['n']}"
        yield f"{asked}, found", (row["share"], row["simulations"])
        yield f"{asked}, printed", (row["printed"], row["simulations"])
