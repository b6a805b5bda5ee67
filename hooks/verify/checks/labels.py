"""The label audit says what the runs say: every label of every dataset on it, judged again from the sealed tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedLabel
from ..reader.site import Site
from ..recompute.labels import CONTRADICTED, PROVEN, SILENT, VERDICTS, labels

PAGE = "label-audit.html"
HEADINGS = ["dataset", "label", "level", "verdict", "runs that prove it", "contradict it", "say nothing"]
Label = tuple[str, str, str]


def check(site: Site) -> Iterator[Examined]:
    """Compares the rows of the page's table, its verdicts and its totals with the runs."""
    for page in site.pages:
        if page.name == PAGE:
            yield from (Examined(page.name, problem) for problem in _problems(site, page))


def _problems(site: Site, page: Page) -> Iterator[str | None]:
    headings = [
        " ".join(cell.text_content().split())
        for cell in page.tree.xpath("//table[@id='table-labels']//th[@scope='col']")
    ]
    yield None if headings in (HEADINGS, []) else f"its labels are headed {', '.join(headings)}"
    rows = page.tree.xpath("//table[@id='table-labels']/tbody/tr")
    asked = {value.question.digest for value in page.stated.values.values() if isinstance(value.question, StatedLabel)}
    counts = dict(_counts(site, asked))
    verdicts = Counter[str]()
    for row in rows:
        label, said = _label(row), row[3].text_content()
        found = counts.pop(label, Counter())
        verdict = CONTRADICTED if found[CONTRADICTED] else SILENT if found[SILENT] else PROVEN
        verdicts[verdict] += 1
        yield None if said == verdict else f"{' '.join(label)} is {said}, its runs say {verdict}"
        yield _bound(page, row, label, found)
    yield from (f"{' '.join(label)} is left out" for label in counts)
    for verdict in VERDICTS:
        name = f"labels-{verdict.replace(' ', '-')}"
        total = [value.number for value in page.stated.values.values() if value.name == name]
        yield None if total == [verdicts[verdict]] else f"it says {total} labels are {verdict}: {verdicts[verdict]}"


def _counts(site: Site, digests: set[str]) -> Iterator[tuple[Label, Counter[str]]]:
    for digest in digests:
        samples = site.samples(digest)
        found: dict[Label, Counter[str]] = {}
        for name, level, verdict in labels(samples.runs) if samples else ():
            found.setdefault((site.datasets[digest].label, name, level), Counter())[verdict] += 1
        yield from found.items()


def _label(row: Any) -> Label:
    dataset, name, level = (cell.text_content() for cell in row[:3])
    return dataset, name, level


def _label_of(asked: StatedLabel) -> Label:
    return asked.dataset, asked.setting, asked.level


def _bound(page: Page, row: Any, label: Label, found: Counter[str]) -> str | None:
    """The three counts of a row ask for its own label, in order, and are what the runs say."""
    for cell, verdict in zip(row[4:], VERDICTS, strict=True):
        value = page.stated.values.get(next(map(page.shown, cell.iter("data")), ""))
        asked = value.question if value else None
        if not isinstance(asked, StatedLabel) or (*_label_of(asked), asked.verdict) != (*label, verdict):
            return f"the count of {' '.join(label)} that is {verdict} asks for something else"
        if value is None or value.number != found[verdict]:
            return f"{' '.join(label)}: {found[verdict]} runs are {verdict}"
    return None
