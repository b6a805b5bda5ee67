"""The page *Compare* has every published result, once, and says of each what its report and its runs say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from harness.metrics import METRICS

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedMetric
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..reader.visible_text import plain
from .configurations import measured, shape
from .configurations import plain as spaced
from .tables import text_of

PAGE, TABLE = "compare.html", "table-results"
HEADINGS = ["report", "levels", "metric", "value", "workload", "engine", "model", "hardware", "audit"]
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
    """Looks at the page, where there is one."""
    for page in site.pages:
        if page.name == PAGE:
            yield from (Examined(page.name, problem) for problem in _problems(site, page))


def _problems(site: Site, page: Page) -> Iterator[str | None]:
    published = results(site)
    rows = page.body.xpath(f".//table[@id='{TABLE}']/tbody/tr")
    heads = [text_of(head) for head in page.body.xpath(f".//table[@id='{TABLE}']/thead/tr/th")]
    if rows and heads != HEADINGS:
        yield f"its table is headed {', '.join(heads)}"
        return
    shown = [_value(page, row) for row in rows]
    yield None if sorted(shown) == sorted(published) else _difference(shown, list(published))
    for key, row in zip(shown, rows, strict=True):
        if key in published:
            yield _row(site, key, published[key], row)
    counted = {"results": len(published), "results-reports": len({pages[0].name for pages in published.values()})}
    for name, number in counted.items():
        said = [value.number for value in page.stated.values.values() if value.name == name]
        yield None if said == [number] or not published else f"it counts {said} {name}, there are {number}"


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


def _row(site: Site, key: str, pages: list[Page], row: Any) -> str | None:
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
        "levels": found.words,
        "metric": METRICS[asked.metric].name,
        "workload": ", ".join(filter(None, words)),
        "engine": spaced(found.engines[0]),
        "model": found.models[0],
    }
    for heading, text in expected.items():
        if plain(text_of(cells[heading])) != plain(text):
            return f"{key}: {heading} is “{text_of(cells[heading])}”, its runs say “{text}”"
    return about_report(key, report, cells["hardware"], cells["audit"])


def report_of(cell: Any, pages: list[Page]) -> Page | None:
    """The page of a report that a cell leads to, and that it names by all parts of its id."""
    links = [str(link) for link in cell.xpath(".//a[not(@data-audit)]/@href")]
    for page in pages:
        parts = PurePosixPath(page.name).stem.split("-")
        if page.name in links and all(part in text_of(cell).lower() for part in parts):
            return page
    return None


def about_report(key: str, report: Page, hardware: Any, audit: Any) -> str | None:
    """Whether a row says the machine and the audit that the page of its report says."""
    facts = ".//dl[contains(@class, 'b-facts')]/div[normalize-space(dt)='Hardware']/dd"
    machines = [text_of(one) for one in report.body.xpath(facts)]
    if text_of(hardware) not in machines:
        return f"{key}: the hardware is “{text_of(hardware)}”, its report says {machines}"
    said = [str(one) for one in audit.xpath(".//a/@data-audit")]
    badges = report.body.xpath(".//p[contains(@class, 'b-audit-line')]//a/@data-audit")
    worded = all(text_of(one).startswith(f"Audit {one.get('data-audit')}") for one in audit.xpath(".//a[@data-audit]"))
    right = len(said) == 1 and said[0] in badges and worded
    return None if right else f"{key}: the audit is “{text_of(audit)}”, its report says {', '.join(map(str, badges))}"
