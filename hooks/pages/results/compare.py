"""The page *Compare*: one row per published result, of whatever report."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from ...editions.citation import hardware
from ...rendering.page import Page
from ...replication.corpus import AllReports
from ...replication.findings import Audited
from ..series_page import render_series_page
from .advice import Advice
from .published_values import Result, Source, results
from .workload import Workload, workload

PATH = "compare.md"


def render_compare(
    sources: Sequence[Source], given: Sequence[Advice], reports: AllReports, environment: Environment
) -> Page:
    """The page; of the advice ``given`` it begins with what supported rankings say."""
    found, by_report = results(sources), {source.report.id: source.report for source in sources}

    def workload_of(result: Result) -> Workload:
        return workload(by_report[result.report], result.edition.label, result.configuration)

    context = {
        "results": found,
        "settled": [one for one in given if one.best and one.ranked],
        "workload": workload_of,
        "hardware": lambda result: hardware(result.edition.manifest.environment),
        "audited": lambda row: audited(reports, row),
        "studies": len({result.report for result in found}),
    }
    return render_series_page(reports, environment, PATH, "Compare", context, wide=True)


def audited(reports: AllReports, row: Result | Advice) -> Audited:
    """The audit of the dataset that a row rests on."""
    return next(one for one in reports.published[row.report].audits if one.dataset == row.edition.label)
