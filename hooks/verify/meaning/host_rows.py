"""What a report over several hosts says of each: its numbers are of that host's datasets, and whether a finding holds
there follows from them.

A dataset is of the host whose letter ends its name. A finding is a primary that its study declares, and says what the
first host that settles it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from harness.design import Primary
from harness.metrics import METRICS
from harness.studies import STUDIES

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedContrast, StatedMetric, StatedOfDataset, StatedSpread
from ..reader.site import Site
from ..reader.values_json import StatedValue
from .tables import Cell, Table, tables

NAMED = re.compile(r"(?P<study>.+)-(?P<letter>[a-z])")
HOST = re.compile(r"(?:on |.*, sessions of )?host (?P<letter>[A-Z])")
FINDING = "study and primary"
COMPARED = "ratio of"
NEW = "on a new host"
UNTESTED = "untested"


@dataclass(frozen=True, slots=True)
class Hosts:
    """The letters of the hosts in their order, and that of the host of a dataset, by its digest."""

    letters: tuple[str, ...]
    of: Mapping[str, str]


def check(site: Site) -> Iterator[Examined]:
    """Looks at every page whose datasets are named after hosts."""
    for page in site.pages:
        hosts = _hosts(page)
        if hosts is not None:
            yield from (Examined(page.name, problem) for problem in _page(site, page, hosts))


def _hosts(page: Page) -> Hosts | None:
    named = [(one.digest, NAMED.fullmatch(one.name)) for one in page.stated.datasets]
    of = {digest: found["letter"].upper() for digest, found in named if found}
    return Hosts(tuple(dict.fromkeys(of.values())), of) if of and len(of) == len(named) else None


def _page(site: Site, page: Page, hosts: Hosts) -> Iterator[str | None]:
    found = [table for table in tables(site, page) if table.rows and table.rows[0][0].heading == FINDING]
    ratios = _ratios(found)
    studies = dict.fromkeys(name.partition(" ")[0] for table in found for name in _names(table))
    declared = {f"{study} {one.id}" for study in studies for one in _primaries(study)}
    for table in found:
        whole = any(HOST.fullmatch(cell.heading) and cell.value is None for cell in table.rows[0])
        lacking = declared ^ set(_names(table)) if whole else set(_names(table)) - declared
        yield f"{table.name}: {lacking.pop()} is left out or added" if lacking else None
        for row in table.rows:
            name = row[0].text
            primary = next((one for one in _primaries(name.partition(" ")[0]) if name.endswith(f" {one.id}")), None)
            if primary is None:
                yield f"{table.name}: no study declares {name}"
                continue
            states = _states(primary, hosts, ratios.get(name, {}))
            for cell in row[1:]:
                problem = _cell(page, cell, name, primary, hosts, states)
                yield problem and f"{table.name}: {name}: “{cell.heading}” {problem}"


def _names(table: Table) -> list[str]:
    return [row[0].text for row in table.rows]


def _ratios(found: list[Table]) -> dict[str, dict[str, StatedValue]]:
    """The ratio of each finding on each host, as the table that has them shows them."""
    return {
        row[0].text: {
            host["letter"]: cell.value
            for cell in row
            if cell.value is not None and (host := re.fullmatch(r"host (?P<letter>[A-Z])", cell.heading))
        }
        for table in found
        if table.rows[0][1].heading == COMPARED
        for row in table.rows
    }


def _cell(page: Page, cell: Cell, name: str, primary: Primary, hosts: Hosts, states: Mapping[str, str]) -> str | None:
    host = HOST.fullmatch(cell.heading)
    if cell.value is not None:
        return _number(page, cell, cell.value, name, primary, hosts, host["letter"] if host else "")
    if cell.heading == COMPARED:
        right = _compared(name.partition(" ")[0], primary)
        return None if cell.text == right else f"is “{cell.text}”, the study declares “{right}”"
    if "sessions" in cell.heading or NEW in cell.heading or not cell.text or cell.text.startswith("—"):
        return None
    right = states.get(host["letter"], UNTESTED) if host else UNTESTED
    return None if cell.text == right else f"is “{cell.text}”, its interval says “{right}”"


def _number(
    page: Page, cell: Cell, value: StatedValue, name: str, primary: Primary, hosts: Hosts, letter: str
) -> str | None:
    values = [page.stated.values[parent] for parent in value.parents] if value.parents else [value]
    asked = [one.question for one in values if one.question is not None]
    study = name.partition(" ")[0]
    for question in asked:
        if not isinstance(question, StatedOfDataset) or question.dataset.partition("/")[0] != study:
            return "shows a number of another study"
        if letter and hosts.of.get(question.digest) != letter:
            return f"shows a number of host {hosts.of.get(question.digest)}"
        if isinstance(question, StatedContrast | StatedSpread | StatedMetric) and not _asks(question, primary):
            return "shows a number of another finding"
    of_ratio = all(getattr(question, "factor", None) is not None for question in asked)
    if cell.heading.startswith(("ratio", "metric")) and of_ratio is not cell.heading.startswith("ratio"):
        return f"shows a {'ratio' if of_ratio else 'metric'}"
    return None


def _asks(question: StatedContrast | StatedSpread | StatedMetric, primary: Primary) -> bool:
    """Whether it asks a finding, or its metric at the reference."""
    if question.metric != primary.metric or (question.within or primary.within) != primary.within:
        return False
    kept = {name: [level] for name, level in primary.where}
    others = {name: levels for name, levels in question.where.items() if name != primary.factor}
    if others != kept:
        return False
    if isinstance(question, StatedMetric) or question.factor is None:
        return question.where.get(primary.factor) == [primary.reference]
    sides = question.factor, question.level, question.reference
    return sides == (primary.factor, primary.level, primary.reference)


def _states(primary: Primary, hosts: Hosts, ratios: Mapping[str, StatedValue]) -> dict[str, str]:
    """Whether a finding holds on each host."""
    said = next((found for letter in hosts.letters if (found := _says(ratios.get(letter), primary.margin))), "")
    return {letter: _stands(ratios.get(letter), said, primary.margin) for letter in hosts.letters}


def _says(ratio: StatedValue | None, margin: float) -> str:
    """What an interval settles; empty where it settles nothing."""
    if ratio is None or ratio.interval is None:
        return ""
    if 1 / margin < ratio.interval.low and ratio.interval.high < margin:
        return "equivalent"
    return "larger" if ratio.interval.low > 1 else "smaller" if ratio.interval.high < 1 else ""


def _stands(ratio: StatedValue | None, said: str, margin: float) -> str:
    if ratio is None:
        return UNTESTED
    if not said or ratio.interval is None:
        return "not settled"
    low, high = ratio.interval.low, ratio.interval.high
    bottom, top = {"larger": (1.0, float("inf")), "smaller": (0.0, 1.0)}.get(
        said, (float(f"{1 / margin:.4g}"), float(f"{margin:.4g}"))
    )
    if bottom < low and high < top:
        return "holds"
    return "fails" if high <= bottom or low >= top else "not settled"


@lru_cache
def _primaries(study: str) -> tuple[Primary, ...]:
    return tuple(STUDIES.load(study).primaries) if study in STUDIES else ()


@lru_cache
def _compared(study: str, primary: Primary) -> str:
    """What a primary compares, in the words of its study."""
    known = STUDIES.load(study)
    where = "".join(f", {known.heading(name)} {known.called(name, level)}" for name, level in primary.where)
    level, reference = (known.called(primary.factor, side) for side in (primary.level, primary.reference))
    within = "" if primary.within == "median" else f" ({primary.within} of a run)"
    return f"{METRICS[primary.metric].name}{within}: {known.heading(primary.factor)} {level} ÷ {reference}{where}"
