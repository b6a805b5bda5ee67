"""The page of a report that has no published dataset yet: its question, its scope, and what was published earlier."""

from __future__ import annotations

from jinja2 import Environment

from harness.studies import STUDIES

from ..rendering.page import Page
from ..replication.corpus import AllReports
from ..series.schema import Entry
from .series_page import render_series_page


def render_planned(entry: Entry, reports: AllReports, environment: Environment, *, committed: bool) -> Page:
    """The page. ``committed`` tells that the data root is the project's own."""
    context = {
        "entry": entry,
        "study": entry.id if entry.id in STUDIES else "",
        "relations": [edge for edge in reports.series.together.relations if edge.source == entry.id],
        "committed": committed,
    }
    path, title = f"reports/{entry.id}.md", f"{entry.label} {entry.title}"
    return render_series_page(reports, environment, path, title, context, template="planned.md")
