"""The pages *History* follow every session that the site has of a study, and mark the changes that their rule marks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from harness.metrics import METRICS
from harness.outcomes import NoValue
from harness.stats.significance.change import Change, changes

from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedMetric
from ..reader.samples import CannotAnswer
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..reader.visible_text import plain
from ..recompute.questions import answer
from .compare_rows import reports
from .configurations import measured
from .first_screen import hardware
from .history_overview import NONE, TOO_FEW, Counted, overview
from .tables import text_of

PAGE, FOLDER = "history.html", "history"
MARKS = {Change.HIGHER: "higher than before", Change.LOWER: "lower than before"}
AS_BEFORE, NOT_POSITIVE = "not marked", "not judged: a number is not positive"


def check(site: Site) -> Iterator[Examined]:
    """Looks at the overview and at the page of each study, where there are any."""
    studies = {PurePosixPath(page.name).stem: page for page in site.pages if _folder(page) == FOLDER}
    found = {study: Counted() for study in studies}
    for study, page in studies.items():
        yield from (Examined(page.name, problem) for problem in _study(site, page, study, found[study]))
    for page in site.pages:
        if page.name == PAGE:
            yield from (Examined(page.name, problem) for problem in overview(page, studies, found))


def _folder(page: Page) -> str:
    return str(PurePosixPath(page.name).parent)


def _study(site: Site, page: Page, study: str, found: Counted) -> Iterator[str | None]:
    """What is wrong with the page of a study; ``found`` is filled."""
    drawn = page.body.xpath(".//figure[@data-spec]")
    for figure in drawn:
        problem, changed = _figure(site, page, figure)
        found.marked += changed
        found.judged |= any(text_of(one) == NONE for one in figure.xpath("./p[@class='b-finding']"))
        yield problem
    same = page.body.xpath(".//table[@data-same]/tbody/tr")
    yield from (_same(site, page, row) for row in same)
    found.drawn, found.metrics = len(drawn), len(drawn) + len(same)
    found.sessions = len(_sessions(site, page, study))
    asked = [value.question for value in page.stated.values.values() if isinstance(value.question, StatedMetric)]
    of = {one.dataset.partition("/")[0] for one in asked}
    yield None if of == {study} else f"its numbers are of {', '.join(sorted(of)) or 'nothing'}"
    tables = page.body.xpath(".//table[@data-history]")
    yield None if [one.get("data-history") for one in tables] == [study] else "it has no table of its sessions"
    for table in tables:
        listed = [text_of(row[0]) for row in table.xpath("./tbody/tr")]
        expected = [one.folder.name for one in _sessions(site, page, study)]
        yield None if listed == expected else f"of {study} it lists the sessions {listed}, the site has {expected}"
        yield from _machines(table, _sessions(site, page, study))
    said = page.body.xpath(".//h1/following-sibling::p[1]/strong[1]")
    lead = text_of(said[0]).rstrip(".").lower() if said else ""
    yield None if lead == found.state else f"it begins with “{lead}”, its charts say “{found.state}”"


def _machines(table: Any, sessions: Sequence[Sealed]) -> Iterator[str | None]:
    """Sessions of one host have one letter, and each its day and its hardware."""
    letters: dict[str, object] = {}
    for row, session in zip(table.xpath("./tbody/tr"), sessions, strict=False):
        name, day, machine, described = (text_of(cell) for cell in row[:4])
        host = session.manifest["environment"].get("host_id")
        links = [str(link) for link in row[0].xpath(".//a/@href")]
        place = f"/{session.label}/manifest.json"
        yield None if all(link.endswith(place) for link in links) else f"{name} leads to {links}, not to {place}"
        yield None if letters.setdefault(machine, host) == host else f"{name} is of another host than {machine}"
        right = str(session.manifest["created"])[:10], hardware(session)
        yield (
            None if (day, plain(described)) == right else f"{name} is of {day}, {described}; it was {', '.join(right)}"
        )
    hosts = list(letters.values())
    yield None if len(set(hosts)) == len(hosts) else "two machines of its table are one host"


def _figure(site: Site, page: Page, figure: Any) -> tuple[str | None, bool]:
    """What is wrong with a chart, and whether it has a mark."""
    name = str(figure.get("id"))
    rows = [row.xpath("./th | ./td") for row in figure.xpath(".//tbody/tr")]
    keys = [next(map(page.shown, row[-1].iter("data")), "") for row in rows]
    values = [page.stated.values[key] for key in keys if key in page.stated.values]
    asked = [value.question for value in values if isinstance(value.question, StatedMetric)]
    if len(asked) != len(rows) or not asked:
        return f"{name}: a session has no number of a metric", False
    if len({(one.metric, str(one.where), one.dataset.partition("/")[0]) for one in asked}) != 1:
        return f"{name}: its sessions are of several metrics, studies or cells", False
    if len({one.digest for one in asked}) < len(asked) or any(one.digest not in site.datasets for one in asked):
        return f"{name}: a session is shown twice, or is not on this site", False
    sessions = [site.datasets[one.digest] for one in asked]
    if sessions != sorted(sessions, key=_age):
        return f"{name}: its sessions are not in their order", False
    if left_out := [one.label for one in _others(site, page, asked[0], sessions)]:
        return f"{name}: it leaves out {left_out[0]}", False
    if [text_of(one) for one in figure.xpath("./figcaption")] != [METRICS[asked[0].metric].name]:
        return f"{name}: its caption is not the name of {asked[0].metric}", False
    said = _judged(sessions, values)
    marks = any(change in MARKS for change in said or ())
    labels = [text_of(row[0]) for row in rows]
    for session, label in zip(sessions, labels, strict=True):
        if label.split(", ")[:2] != [session.folder.name, str(session.manifest["created"])[:10]]:
            return f"{name}: {session.label} is called “{label}”", marks
    shown = [text_of(row[1]) if len(row) > 2 else "" for row in rows]
    expected = [MARKS.get(change, AS_BEFORE) if marks else "" for change in said or [Change.TOO_FEW] * len(rows)]
    if shown != expected:
        return f"{name}: its sessions are called {shown}, the rule says {expected}", marks
    words = [text_of(one) for one in figure.xpath("./p[@class='b-finding']")]
    finding = _finding(labels, said)
    return (None if words == [finding] else f"{name}: it says {words}, the rule says “{finding}”"), marks


def _same(site: Site, page: Page, row: Any) -> str | None:
    """Whether a metric is the same in every session that has a number of it."""
    key = next(map(page.shown, row.iter("data")), "")
    value = page.stated.values.get(key)
    asked = value.question if value else None
    if value is None or not isinstance(asked, StatedMetric) or text_of(row[0]) != METRICS[asked.metric].name:
        return f"{text_of(row)} shows no number of that metric"
    drawn = [site.datasets[asked.digest]] if asked.digest in site.datasets else []
    others = [_number(site, asked, one) for one in _others(site, page, asked, drawn)]
    if not others or not all(math.isclose(other or 0.0, value.number or 0.0, rel_tol=1e-9) for other in others):
        return f"{METRICS[asked.metric].name} is not the same in every session: {value.number}, {others}"
    return None


def _number(site: Site, asked: StatedMetric, session: Sealed) -> float | None:
    return answer(site, asked.model_copy(update={"dataset": session.label, "digest": session.digest})).number


def _others(site: Site, page: Page, asked: StatedMetric, drawn: Sequence[Sealed]) -> Iterator[Sealed]:
    """The sessions of the study that have a number and are not drawn."""
    for one in _sessions(site, page, asked.dataset.partition("/")[0]):
        if one not in drawn:
            with suppress(CannotAnswer):
                if _number(site, asked, one) is not None:
                    yield one


def _age(session: Sealed) -> tuple[str, str]:
    return str(session.manifest["created"]), session.label


def _judged(sessions: Sequence[Sealed], values: Sequence[StatedValue]) -> list[Change] | None:
    """What the rule says of each session by earlier ones on its machine; ``None`` where a number is not positive."""
    found: dict[int, Change] = {}
    hosts = [str(session.manifest["environment"].get("host_id") or "unknown") for session in sessions]
    for host in dict.fromkeys(hosts):
        places = [place for place, one in enumerate(hosts) if one == host]
        try:
            said = changes(np.array([values[place].number for place in places], np.float64))
        except NoValue:
            return None
        found |= dict(zip(places, said, strict=True))
    return [found[place] for place in range(len(sessions))]


def _finding(labels: Sequence[str], said: Sequence[Change] | None) -> str:
    if said is None:
        return NOT_POSITIVE
    marked = [f"{change} in {label}" for label, change in zip(labels, said, strict=False) if change in MARKS]
    return "; ".join(marked) or (NONE if Change.NONE in said else TOO_FEW)


def _sessions(site: Site, page: Page, study: str) -> list[Sealed]:
    """The sessions of a study with the profile of what its reports publish, oldest first, that have the cell which the
    newest of them is followed at."""
    return site.once(("sessions", page.name, study), lambda: _followed(site, page, study))


def _followed(site: Site, page: Page, study: str) -> list[Sealed]:
    stated = [report.stated for report in reports(site)]
    named = [*(report.dataset for report in reports(site)), *(one.dataset for page in stated for one in page.datasets)]
    published = {*named, *(one.dataset for page in stated for one in page.recordings)}
    all_of = {sealed.label: sealed for sealed in site.datasets.values() if sealed.label.startswith(f"{study}/")}
    shown = [sealed.manifest for label, sealed in all_of.items() if label in published]
    profiles, newest = {one["profile"] for one in shown}, max((one["version"] for one in shown), default=0)
    own = [one for one in all_of.values() if not one.recordings and one.manifest["version"] <= newest]
    own = [one for one in own if one.manifest["profile"] in profiles]
    ordered = sorted(own, key=_age)
    asked = [
        value.question.where
        for value in page.stated.values.values()
        if isinstance(value.question, StatedMetric) and value.question.dataset.startswith(f"{study}/")
    ]
    return [one for one in ordered if asked and measured(site, one.digest, asked[0])]
