"""The generated pages about all reports, and what a report's own page shows of what was published earlier."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from ..outputs.announcements import Announcement
from ..pages.contradictions import render_contradictions
from ..pages.home import render_home, render_trust
from ..pages.planned import render_planned
from ..pages.replication import render_coverage, render_replication
from ..pages.report_list import render_report_list
from ..pages.series_index import render_series_index
from ..rendering.page import Page
from ..replication.corpus import AllReports


def series_pages(
    reports: AllReports,
    environment: Environment,
    news: Sequence[Announcement] = (),
    servers: Sequence[tuple[str, str]] = (),
    *,
    committed: bool = True,
    simulated: bool = True,
) -> tuple[Page, ...]:
    """Home, the list of reports, the long form, a page for each report that is not recorded, and what of the figures
    published earlier. ``servers`` are paths and titles of the pages of datasets without a report."""
    return (
        render_home(reports, environment, [one.report for one in news], servers),
        render_report_list(reports, environment),
        *render_series_index(reports, environment),
        render_trust(reports, environment, simulated=simulated),
        render_replication(reports, environment),
        render_contradictions(reports, environment),
        render_coverage(reports, environment),
        *(
            render_planned(entry, reports, environment, committed=committed)
            for entry in reports.series
            if entry.id not in reports.published
        ),
    )
