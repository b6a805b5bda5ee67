"""Every cited figure is the one that ``data/cited`` declares: number, digits, unit, statistic and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.units import same, stated_measure
from ..reader.values_json import StatedValue
from ..recompute.cited import Declared, declared

FOLDER = Path("data/cited")
EVERYTHING = "replication.html"
QUOTED = ("Published earlier", "Figure")
WORDS = {
    "unstated": "not stated",
    "best_config_mean": "mean of the best configuration",
    "peak_run": "best single run",
    "min": "minimum",
    "max": "maximum",
    "p50": "median",
    "sd": "standard deviation",
    "cv": "coefficient of variation",
}
"""Statistics that a page calls by other words than their names."""


def check(site: Site) -> Iterator[Examined]:
    """Compares every cited value with its declaration, and the statistics in tables with those declared."""
    stated = [(page, key, value) for page, key, value in site.values() if _quoted(value)]
    try:
        known = declared(site.root / FOLDER)
    except (ValueError, KeyError, TypeError, AttributeError, FileNotFoundError) as error:
        if stated:
            yield Examined(FOLDER.as_posix(), f"the cited figures cannot be read: {error}")
        return
    for page, key, value in stated:
        problem = _problem(value, known.get(value.name))
        yield Examined(page.name, problem and f"{key}: {problem}")
    for page in site.pages:
        yield from (Examined(page.name, problem) for problem in _tables(page, known))
        if page.name == EVERYTHING:
            shown = {value.name for value in page.stated.values.values()}
            yield from (Examined(page.name, f"{name} is left out") for name in known.keys() - shown)


def _quoted(value: StatedValue) -> bool:
    """Whether a value is a cited figure; a declared input answers a question, and what rests on it has parents."""
    return value.status == "cited" and not value.parents and value.question is None


def _problem(value: StatedValue, found: Declared | None) -> str | None:
    if found is None:
        return "no file declares it"
    expected = (found.number, found.decimals, found.unit, found.source, found.definition, "cited", None)
    says = (value.number, value.decimals, value.unit, value.source, value.definition, value.operation, value.interval)
    if says != expected:
        return f"the page says {says}, the source {expected}"
    if found.measure is None or not same(found.measure, stated_measure(value)):
        return f"the unit {value.unit!r} is not the declared one"
    return None


def _tables(page: Page, known: Mapping[str, Declared]) -> Iterator[str | None]:
    """Every row of a table that quotes a figure beside its statistic."""
    for table in page.tree.xpath("//table[.//th[normalize-space()='Statistic']]"):
        heads = [head.text_content().strip() for head in table.xpath("./thead/tr/th")]
        quoted = next((heads.index(name) for name in QUOTED if name in heads), None)
        for row in table.xpath("./tbody/tr") if quoted is not None else ():
            yield _statistic(page, row[quoted], row[heads.index("Statistic")], known)


def _statistic(page: Page, quoted: Any, cell: Any, known: Mapping[str, Declared]) -> str | None:
    keys = [page.shown(data) for data in quoted.iter("data")]
    names = [page.stated.values[key].name for key in keys if key in page.stated.values]
    figure = next((known[name] for name in names if name in known), None)
    if figure is None:
        return None
    said, words = cell.text_content().partition(";")[0].strip(), WORDS.get(figure.statistic, figure.statistic)
    return None if said == words else f"{figure.figure} is called a {said}, its source says {words}"
