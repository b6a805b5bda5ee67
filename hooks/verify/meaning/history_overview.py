"""The overview of *History* has a row for each study and says of it what the page of the study says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..reader.page import Page
from .tables import text_of

TABLE, MOVES = "table-studies", "table-moves"
NONE, TOO_FEW = "no change found", "too few sessions to judge"
CHANGED, ALONE = "changed", "one session so far"


@dataclass(slots=True)
class Counted:
    """What the page of a study shows: sessions, metrics, those with a mark, and whether the rule judged one."""

    sessions: int = 1
    metrics: int = 0
    marked: int = 0
    drawn: int = 0
    judged: bool = False

    @property
    def state(self) -> str:
        if self.marked:
            return CHANGED
        return NONE if self.judged or not self.drawn else TOO_FEW


def overview(page: Page, studies: Mapping[str, Page], found: Mapping[str, Counted]) -> Iterator[str | None]:
    """What is wrong with the overview: ``studies`` are the pages of studies, ``found`` is what they show."""
    rows = page.body.xpath(f".//table[@id='{TABLE}']/tbody/tr")
    named = [str(row.get("data-study")) for row in rows]
    missing = [study for study in studies if named.count(study) != 1]
    yield f"its table leaves {missing[0]} out, or shows it twice" if missing else None
    totals = {
        "history-metrics": sum(one.metrics for one in found.values()),
        "history-marked": sum(one.marked for one in found.values()),
    }
    for name, number in totals.items():
        said = _counted(page, name)
        yield None if said in ([number], [] if not number else None) else f"it counts {said} {name}, there are {number}"
    yield from (_move(page, row, studies) for row in page.body.xpath(f".//table[@id='{MOVES}']/tbody/tr"))
    for study, row in zip(named, rows, strict=True):
        yield _row(page, study, row, studies.get(study), found.get(study, Counted()))


def _row(page: Page, study: str, row: Any, own: Page | None, found: Counted) -> str | None:
    """What is wrong with the row of a study on the overview."""
    links = [str(link) for link in row.xpath(".//a[not(data)]/@href")]
    if links != ([own.name] if own else []):
        return f"{study} leads to {links}"
    state = found.state if own else ALONE
    if text_of(row[2]) != state:
        return f"{study} is said to be “{text_of(row[2])}”, its page says “{state}”"
    expected = (("sessions", found.sessions), ("metrics", found.metrics), ("marked", found.marked))
    for cell, (name, number) in zip(row[3:6], expected, strict=True):
        values = [page.stated.values.get(page.shown(one)) for one in cell.iter("data")]
        told = [(one.name, one.number) for one in values if one]
        if told != [(f"history-{name}-{study}", number)]:
            return f"{study} is said to have {text_of(cell)} {name}, it has {number}"
    return None


def _move(page: Page, row: Any, studies: Mapping[str, Page]) -> str | None:
    """What is wrong with a change on the overview: the chart that it leads to marks that session, and has the numbers
    of it and of the session before it on its machine."""
    label = text_of(row[-1])
    place, _, chart = str(next(iter(row[1].xpath(".//a/@href")), "")).partition("#")
    own = next((one for one in studies.values() if one.name == place), None)
    figures = own.body.xpath(f".//figure[@id='{chart}']") if own else []
    if own is None or len(figures) != 1:
        return f"the change of {label} leads to {place}#{chart}, which is no chart of a study"
    finding = " ".join(text_of(one) for one in figures[0].xpath("./p[@class='b-finding']"))
    marked = label in (one.partition(" in ")[2] for one in finding.split("; "))
    title = " ".join(text_of(one) for one in figures[0].xpath("./figcaption"))
    named = text_of(row[1]) == title and _same_name(text_of(row[0]), place)
    rows = [one.xpath("./th | ./td") for one in figures[0].xpath(".//tbody/tr")]
    alike = [one for one in rows if text_of(one[0]).split(", ")[2:] == label.split(", ")[2:]]
    at = next((number for number, one in enumerate(alike) if text_of(one[0]) == label), 0)
    right = [_key(own, one[-1]) for one in alike[max(at - 1, 0) : at + 1]]
    ratio = page.stated.values.get(_key(page, row[4]))
    parents = list(ratio.parents) if ratio else []
    if not (marked and named and at) or [_key(page, one) for one in row[2:4]] != right or parents != right[::-1]:
        return f"the change “{text_of(row)}” is none that {place} marks, or has other numbers"
    return None


def _same_name(said: str, place: str) -> bool:
    return all(part in said.lower() for part in PurePosixPath(place).stem.split("-"))


def _key(page: Page, cell: Any) -> str:
    """The id of the number that a cell shows."""
    return next(map(page.shown, cell.iter("data")), "")


def _counted(page: Page, name: str) -> list[float | None]:
    return [value.number for value in page.stated.values.values() if value.name == name]
