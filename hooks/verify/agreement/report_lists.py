"""The lists of reports say of each what its page and ``summary.json`` say: title, question, status, machine and day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..meaning.first_screen import datasets_of_pages, hardware
from ..meaning.tables import text_of
from ..reader.dataset import Sealed
from ..reader.document import Document
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.summary_json import told
from ..reader.visible_text import plain
from .home_cards import wrong_cards

HOME, LIST, SERIES = "index.html", "reports/index.html", "series.html"
PLANNED, QUESTION = "planned", "Question: "


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is called and asks: by its page where it has one, by the series where it is planned."""

    title: str
    question: str


@dataclass(frozen=True, slots=True)
class Published:
    """What its page and its data say of a report, in the words of the lists."""

    status: str
    head: Asked
    datasets: Sequence[Sealed]

    @property
    def machines(self) -> str:
        return "; ".join(dict.fromkeys(map(hardware, self.datasets)))

    @property
    def day(self) -> str:
        return max(str(one.manifest["created"])[:10] for one in self.datasets)

    @property
    def line(self) -> str:
        """The line of the series on its status."""
        labels, profiles = ([one.label for one in self.datasets], [one.manifest["profile"] for one in self.datasets])
        several = "datasets" if len(labels) > 1 else "dataset"
        profile = ", ".join(dict.fromkeys(map(str, profiles)))
        return f"Status: {self.status}, {several} {', '.join(labels)} of {self.day}, {profile} profile, {self.machines}"


def check(site: Site) -> Iterator[Examined]:
    """Looks at the home page, the list of reports and the series, where the site has a summary."""
    documents = {one.name: one for one in site.documents if one.name in (HOME, LIST, SERIES)}
    known = _published(site)
    if not known or SERIES not in documents:
        return
    asked = _asked(documents[SERIES])
    for name, of in ((SERIES, _series), (LIST, _list), (HOME, _cards)):
        if name in documents:
            yield from (Examined(name, problem) for problem in of(documents[name], known, asked))
    if HOME in documents:
        yield Examined(HOME, wrong_cards(_shown(documents[HOME]), site, list(asked)))


def _published(site: Site) -> dict[str, Published]:
    datasets = {page.name: found for page, found in datasets_of_pages(site)}
    heads = {page.name: _head(page) for page in site.pages if page.name in datasets}
    return {
        PurePosixPath(name).stem: Published(str(report.get("status")), heads[name], datasets[name])
        for report in told(site)
        if (name := report["page"]) in datasets
    }


def _head(page: Page) -> Asked:
    """What the heading of a report calls it, behind its number, and what it asks."""
    heading = " ".join(text_of(one) for one in page.body.xpath(".//h1"))
    name = " ".join(text_of(one) for one in page.body.xpath(".//h1//*[@class='b-kicker']"))
    return Asked(name.partition(":")[2].strip(), heading.removeprefix(name).removesuffix("¶").strip())


def _asked(series: Document) -> dict[str, Asked]:
    """What the series says that each report is called and asks."""
    titles = {name: text_of(cells["Title"]) for name, cells in _rows(series, "Title")}
    questions = {
        str(one.xpath("string(preceding-sibling::h3[1]/@id)")): text_of(one).removeprefix(QUESTION)
        for one in series.body.xpath(f".//p[starts-with(normalize-space(.), '{QUESTION}')]")
    }
    return {name: Asked(title, questions.get(name, "")) for name, title in titles.items()}


def _rows(page: Document, first: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of the tables that begin with a column of reports, by the id of the report."""
    for table in page.body.xpath(".//table[thead/tr/th]"):
        headings = [text_of(one) for one in table.xpath("./thead/tr[1]/th")]
        if headings[:1] == ["Report"] and first in headings:
            for row in table.xpath("./tbody/tr"):
                cells = dict(zip(headings, row.iterchildren("td", "th"), strict=False))
                yield _id(cells["Report"]), cells


def _id(element: Any) -> str:
    """The id of the report that an element leads to, as a page or as a place of one; or that it names."""
    link = next(map(str, element.xpath(".//a[not(@class)]/@href")), text_of(element).lower())
    return link.rpartition("#")[2] if "#" in link else PurePosixPath(link).stem


def _wrong(of: str, what: str, said: str, right: str) -> str | None:
    return None if plain(said) == plain(right) else f"{of.upper()}: its {what} is “{said}”, the site says “{right}”"


def _series(page: Document, known: Mapping[str, Published], asked: Mapping[str, Asked]) -> Iterator[str | None]:
    lacking = next(iter(known.keys() - asked.keys()), None)
    yield lacking and f"it leaves out {lacking}"
    for name, cells in _rows(page, "Title"):
        yield _wrong(name, "status", text_of(cells["Status"]), known[name].status if name in known else PLANNED)
    for line in page.body.xpath(".//p[starts-with(normalize-space(.), 'Status: ')]"):
        name = str(line.xpath("string(preceding-sibling::h3[1]/@id)"))
        yield _wrong(name, "line", text_of(line), known[name].line if name in known else f"Status: {PLANNED}")


def _list(page: Document, known: Mapping[str, Published], asked: Mapping[str, Asked]) -> Iterator[str | None]:
    found = dict(_rows(page, "Recorded"))
    lacking = next(iter(known.keys() - found.keys()), None)
    yield lacking and f"it leaves out {lacking}"
    for name, cells in found.items():
        own, of = known.get(name), _called(name, known, asked)
        yield _wrong(name, "status", text_of(cells["Status"]).partition(" ")[2], own.status if own else PLANNED)
        question = " ".join(text_of(one) for one in cells["Question and key finding"].xpath("./details/summary"))
        yield _wrong(name, "question", question, of.question)
        title = " ".join(text_of(one) for one in cells["Question and key finding"].xpath("./details"))
        yield _wrong(name, "title", title.removeprefix(question).strip()[: len(of.title)], of.title)
        if own is not None:
            yield _wrong(name, "hardware", text_of(cells["Hardware"]), own.machines)
            yield _wrong(name, "day", text_of(cells["Recorded"]), own.day)
    yield from _drawn(page, asked)


def _drawn(page: Document, asked: Mapping[str, Asked]) -> Iterator[str | None]:
    """The boxes of the drawing of the series: the name of a report, and the title that the series gives it."""
    for box in page.body.xpath(".//*[@class='b-series-report']"):
        name, *title = (text_of(one) for one in box.xpath(".//*[local-name()='text']"))
        of = asked.get(re.sub(r" \((\w+)\)$", r"-\1", name.lower()))
        yield _wrong(name, "title", " ".join(title), of.title if of else "")


def _cards(page: Document, known: Mapping[str, Published], asked: Mapping[str, Asked]) -> Iterator[str | None]:
    for name, card in _shown(page).items():
        of = _called(name, known, asked)
        kicker = " ".join(text_of(one) for one in card.xpath(".//*[@class='b-kicker']"))
        yield _wrong(name, "title", kicker.partition(" · ")[2], of.title)
        question = " ".join(text_of(one) for one in card.xpath("./h3/a[not(@class)]"))
        yield _wrong(name, "question", question, of.question)


def _shown(page: Document) -> dict[str, Any]:
    """The cards of the home page by the ids of their reports."""
    return {_id(card.xpath("./h3")[0]): card for card in page.body.xpath(".//div[@class='b-card'][h3]")}


def _called(name: str, known: Mapping[str, Published], asked: Mapping[str, Asked]) -> Asked:
    """What a list has to call a report and to ask of it: what its page does, or the series where it is planned."""
    return known[name].head if name in known else asked.get(name, Asked("", ""))
