"""The generated pages about all reports, and what a report's own page shows of what was published earlier."""

from __future__ import annotations

from jinja2 import Environment

from ..pages.contradictions import render_contradictions
from ..pages.index import render_index
from ..pages.replication import render_coverage, render_replication
from ..rendering.page import Page
from ..replication.corpus import AllReports


def series_pages(reports: AllReports, environment: Environment) -> tuple[Page, ...]:
    """``index.md``, ``replication.md``, ``contradictions.md`` and ``coverage.md``."""
    return (
        render_index(reports, environment),
        render_replication(reports, environment),
        render_contradictions(reports, environment),
        render_coverage(reports, environment),
    )
