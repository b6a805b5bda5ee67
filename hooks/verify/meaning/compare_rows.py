"""The pages *Compare* have every published result, once, and say of each what its report and its runs say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from harness.metrics import METRICS

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedMetric
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..reader.visible_text import plain
from . import compared_machines
from .configurations import engine, measured, shape
from .report_rows import report_of
from .tables import text_of

PAGE, FOLDER, TABLE, METRICS_TABLE = "compare.html", "compare", "table-results", "table-metrics"
HEADINGS = ["report", "levels", "value", "workload", "engine", "model", "machine"]
COMPARED = frozenset(
    {
        "ttft", "e2e_latency", "decode_tps", "server_decode_tps", "settled_decode_tps", "tpot", "prefill_latency",
        "server_prefill_tps", "settled_decode_step", "e2e_kv", "request_throughput", "output_token_throughput",
        "aggregate_tps", "tasks_per_hour", "task_duration",
    }
)  # fmt: skip
PACED = "pacer"
"""The server that clients are measured against: no engine."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at the overview and at the page of each metric, where there are any."""
    overviews = [page for page in site.pages if page.name == PAGE]
    pages = {PurePosixPath(page.name).stem: page for page in site.pages if page.name.startswith(f"{FOLDER}/")}
    if overviews or pages:
        published = results(site)
        for name, page in pages.items():
            own = {key: of for key, of in published.items() if _metric(of[0].stated.values[key]) == name}
            yield from (Examined(page.name, problem) for problem in _problems(site, page, name, own))
        for page in overviews:
            yield from (Examined(page.name, problem) for problem in _overview(page, pages, published))


def _metric(value: StatedValue) -> str:
    """The name of the page of a result."""
    return value.question.metric.replace("_", "-") if isinstance(value.question, StatedMetric) else ""


def _overview(page: Page, pages: Mapping[str, Page], published: Mapping[str, list[Page]]) -> Iterator[str | None]:
    """It leads to the page of every metric, and counts the results that are on it."""
    found = Counter(_metric(of[0].stated.values[key]) for key, of in published.items())
    rows = page.body.xpath(f".//table[@id='{METRICS_TABLE}']/tbody/tr")
    named = [str(row.get("data-metric")).replace("_", "-") for row in rows]
    yield None if sorted(named) == sorted(found) == sorted(pages) else f"it has {named}, there are {sorted(found)}"
    for name, row in zip(named, rows, strict=True):
        links = [str(link) for link in row[0].xpath(".//a/@href")]
        right = name in pages and links == [pages[name].name] and text_of(row[0]) == _called(row)
        yield None if right else f"the row of {name} leads to {links}, or is called something else"
        yield _count(page, f"results-{name}", found[name])
    yield _count(page, "results", len(published))
    yield _count(page, "results-reports", len({of[0].name for of in published.values()}))


def _called(row: Any) -> str:
    metric = METRICS.get(str(row.get("data-metric")))
    return metric.name if metric else ""


def _count(page: Page, name: str, number: int) -> str | None:
    said = [value.number for value in page.stated.values.values() if value.name == name]
    return None if said == [number] or not (said or number) else f"it counts {said} {name}, there are {number}"


def _problems(site: Site, page: Page, name: str, published: Mapping[str, list[Page]]) -> Iterator[str | None]:
    rows = page.body.xpath(f".//table[@id='{TABLE}']/tbody/tr")
    heads = [text_of(head) for head in page.body.xpath(f".//table[@id='{TABLE}']/thead/tr/th")]
    if heads != HEADINGS:
        yield f"its table is headed {', '.join(heads)}"
        return
    shown = [_value(page, row) for row in rows]
    yield None if sorted(shown) == sorted(published) else _difference(shown, list(published))
    for key, row in zip(shown, rows, strict=True):
        if key in published:
            yield _row(site, page, key, published[key], row)
    yield from compared_machines.problems(page, reports(site))
    yield _count(page, "results", len(published))
    titles = [text_of(one).rstrip("¶") for one in page.body.xpath(".//h1")]
    called = [metric.name for metric in METRICS.values() if metric.id.replace("_", "-") == name]
    yield None if titles == [f"Compare: {called[0]}" if called else ""] else f"it is called {titles}, it is of {called}"


def results(site: Site) -> dict[str, list[Page]]:
    """The id of every result that the page of a report states of its own datasets, with those pages."""
    found: dict[str, list[Page]] = {}
    for page in reports(site):
        own = {page.dataset, *(one.dataset for one in page.stated.datasets)}
        for key, value in page.stated.values.items():
            if is_result(value) and isinstance(value.question, StatedMetric) and value.question.dataset in own:
                cells = measured(site, value.question.digest, value.question.where)
                if cells and len(cells.engines) == len(cells.models) == 1 and cells.engines != (PACED,):
                    found.setdefault(key, []).append(page)
    return found


def reports(site: Site) -> list[Page]:
    """The pages of reports, those of one dataset first."""
    own = (page for page in site.pages if PurePosixPath(page.name).parent == PurePosixPath("reports"))
    return sorted(own, key=lambda page: (bool(page.stated.datasets), page.name))


def is_result(value: StatedValue) -> bool:
    """Whether a number is the usual one of a compared metric."""
    asked = value.question
    if not isinstance(asked, StatedMetric) or asked.metric not in COMPARED or value.number is None:
        return False
    usual = (
        asked.across == "median" and asked.within in (None, "median", "pooled") and asked.phase in (None, "measured")
    )
    return usual and not (asked.divided_by or asked.prompt or asked.other_recording)


def _value(page: Page, row: Any) -> str:
    shown = {page.shown(data) for data in row.iter("data")}
    return shown.pop() if len(shown) == 1 else ""


def _difference(shown: list[str], published: list[str]) -> str:
    for key in published:
        if shown.count(key) != 1:
            return f"{key} is {'shown twice' if key in shown else 'left out'}"
    return f"{next((key for key in shown if key not in published), 'a row')} is no published result"


def _row(site: Site, page: Page, key: str, pages: list[Page], row: Any) -> str | None:
    cells = dict(zip(HEADINGS, row.xpath("./th | ./td"), strict=True))
    value = pages[0].stated.values[key]
    asked = value.question
    if not isinstance(asked, StatedMetric) or (found := measured(site, asked.digest, asked.where)) is None:
        return f"{key} is of no runs of this site"
    report = report_of(cells["report"], pages)
    if report is None:
        return f"{key} is said to be of {text_of(cells['report'])}, which does not state it"
    words = (found.load, shape(report, asked.digest, asked.where))
    expected = {
        "levels": (found.words, found.short),
        "workload": (", ".join(filter(None, words)),),
        "engine": (engine(found.engines[0]),),
        "model": (found.models[0],),
    }
    for heading, texts in expected.items():
        if plain(text_of(cells[heading])) not in map(plain, texts):
            return f"{key}: {heading} is “{text_of(cells[heading])}”, its runs say “{texts[-1]}”"
    listed = compared_machines.is_listed(page, cells["report"], cells["machine"])
    return None if listed else f"{key}: its machine or its audit is none that is listed of its report"
