"""Renders the figures of the coverage simulation as a page.

    python -m tests.benchmarks.coverage_page

Reads ``docs/methodology/coverage.json`` and writes ``docs/methodology/coverage.md``; a test keeps them in step.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "methodology"
SOURCE, PAGE = FOLDER / "coverage.json", FOLDER / "coverage.md"

INTRODUCTION = """# Do the intervals cover?

Every interval and every test that this site prints was run on simulated runs whose truth is known: {sims:,}
simulations a row, of the same functions that the pages call. *Found* is how often the printed 95 % interval held the
truth or, for tests, how often they found something where there was nothing. *Printed* is how often there was an
interval at all: with too few runs, or with runs that are not shown to be independent, there is none.
*Promised* is what the row is held to, Monte Carlo error of two standard errors allowed; rows marked *shown* are harder
than anything promised and tell where the limits are.

The shapes, all around 100: normal with a standard deviation of 10 %; log-normal with σ = 0.5 (very skewed: 1.0);
heavy-tailed, Student's t with three degrees of freedom; bimodal, where one run in five (two halves: every second one)
is 20 slower with a noise of 5; autocorrelated, a first-order autoregression over the runs of the session. The rules
are explained under [Statistics](statistics.md).

Recompute with `python -m tests.benchmarks.coverage_simulation --out docs/methodology/coverage.json` and
`python -m tests.benchmarks.coverage_page`; the rows as [JSON](coverage.json).
"""


def render(body: dict[str, Any]) -> str:
    """The page as Markdown, from the JSON that the simulation wrote."""
    return INTRODUCTION.format(sims=body["simulations"]) + "".join(_tables(body["rows"]))


def _tables(rows: list[dict[str, Any]]) -> Iterator[str]:
    in_order = sorted(rows, key=lambda row: [r["procedure"] for r in rows].index(row["procedure"]))
    for procedure, group in groupby(in_order, key=lambda row: row["procedure"]):
        yield f"\n## {procedure[0].upper()}{procedure[1:]}\n\n"
        yield "| Runs | Shape | Found | Printed | Promised | Holds |\n|---|---|---:|---:|---|---|\n"
        yield from map(_line, group)


def _line(row: dict[str, Any]) -> str:
    found = "–" if row["share"] is None else f"{row['share']:.1%}".replace("%", " %")
    printed = f"{row['printed']:.0%}".replace("%", " %")
    verdict = "" if row["promise"] == "shown" else "yes" if row["holds"] else "**no**"
    return f"| {row['n']} | {row['shape']} | {found} | {printed} | {row['promise']} | {verdict} |\n"


if __name__ == "__main__":
    PAGE.write_text(render(json.loads(SOURCE.read_text(encoding="utf-8"))), encoding="utf-8")
