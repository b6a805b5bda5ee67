"""The list of all reports: question and finding of each, by status, track and machine."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from ..rendering.page import Page
from ..rendering.series_graph import graph_svg, legend
from ..replication.corpus import AllReports
from .series_index import rows
from .series_page import render_series_page


def render_report_list(reports: AllReports, environment: Environment) -> Page:
    """The page ``reports/index.md``."""
    context = {
        "rows": rows(reports),
        "graph": Markup(graph_svg(reports.series, reports.published.keys())),  # noqa: S704
        "legend": [(str(relation), Markup(line)) for relation, line in legend()],  # noqa: S704
    }
    return render_series_page(reports, environment, "reports/index.md", "Reports", context, wide=True)
