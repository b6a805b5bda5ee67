"""The pages *Compare*: one row per published result, of whatever report, on the page of its metric.

There are hundreds of rows, so that what holds of all results of a dataset is said once, in a table of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from jinja2 import Environment

from harness.metrics import metric as metric_named

from ...editions.citation import hardware
from ...rendering.page import Page
from ...replication.corpus import AllReports
from ...replication.findings import Audited
from ...text.naming import slug
from ..glossary import defined_at
from ..series_page import render_series_page, render_with_numbers
from .advice import Advice
from .published_values import Result, Source, results
from .workload import Workload, workload

PATH = "compare.md"


@dataclass(frozen=True, slots=True)
class Measured:
    """What holds of all results that a report has of a dataset; ``machine`` names the hardware by a letter."""

    report: str
    machine: str
    hardware: str
    audited: Audited


def path_of(metric: str) -> str:
    """The path of the page of a metric."""
    return f"compare/{slug(metric)}.md"


def render_compare(
    sources: Sequence[Source], given: Sequence[Advice], reports: AllReports, environment: Environment
) -> Iterator[Page]:
    """The overview, which begins with what supported rankings among the advice ``given`` say; then, of each metric, its
    page and that of its numbers."""
    found, by_report = results(sources), {source.report.id: source.report for source in sources}

    def workload_of(result: Result) -> Workload:
        return workload(by_report[result.report], result.edition.label, result.configuration)

    by_metric = {name: tuple(of) for name, of in groupby(found, key=lambda one: one.question.metric)}
    shared = {
        "settled": [one for one in given if one.best and one.ranked],
        "measured": measured(found, reports),
        "audited": lambda row: audited(reports, row),
        "workload": workload_of,
        "path_of": path_of,
    }
    context = {**shared, "by_metric": by_metric, "studies": len({result.report for result in found})}
    yield render_series_page(reports, environment, PATH, "Compare", context, wide=True)
    for name, rows in by_metric.items():
        title = f"Compare {metric_named(name).name}"
        about = {**shared, "metric": metric_named(name), "defined_at": defined_at(name), "results": rows}
        yield from render_with_numbers(
            reports, environment, path_of(name), title, about, template="compare-metric.md", wide=True
        )


def measured(found: Sequence[Result], reports: AllReports) -> dict[tuple[str, str], Measured]:
    """By report and dataset, in the order of the reports."""
    letters: dict[str, str] = {}
    made: dict[tuple[str, str], Measured] = {}
    for result in sorted(found, key=lambda one: (one.report, one.edition.label)):
        machine = hardware(result.edition.manifest.environment)
        letter = letters.setdefault(machine, f"Machine {chr(ord('A') + len(letters))}")
        made.setdefault(result.of, Measured(result.report, letter, machine, audited(reports, result)))
    return made


def audited(reports: AllReports, row: Result | Advice) -> Audited:
    """The audit of the dataset that a row rests on."""
    return next(one for one in reports.published[row.report].audits if one.dataset == row.edition.label)
