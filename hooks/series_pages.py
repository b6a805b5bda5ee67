"""The generated pages about all reports, and what a report's own page shows of what was published earlier."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from .all_reports import AllReports
from .disputes import render_contradictions
from .index import render_index
from .pages import Page, Report
from .published import Published
from .scope import Scope
from .tested import render_coverage, render_replication
from .writer import Writer


def series_pages(reports: AllReports, environment: Environment) -> tuple[Page, ...]:
    """``index.md``, ``replication.md``, ``contradictions.md`` and ``coverage.md``."""
    return (
        render_index(reports, environment),
        render_replication(reports, environment),
        render_contradictions(reports, environment),
        render_coverage(reports, environment),
    )


def published(report: Report, hardware: str) -> Published:
    """What a rendered report contributes to the pages about all of them."""
    edition, content = report.edition, report.content
    return Published(
        report.id,
        edition.label,
        edition.date,
        edition.manifest.profile,
        hardware,
        "recorded here" if edition.local else report.prose.front.status,
        content.findings,
        content.claims,
        content.facts,
    )


def earlier_section(reports: AllReports, environment: Environment, scope: Scope, report: str) -> Markup:
    """The section *Published earlier* of a report's own page: each cited figure beside ours."""
    figures = {figure.id for figure in reports.cited.of(report)}
    lines = [line for line in reports.replications if line.figure.id in figures]
    template = environment.get_template("macros/earlier.md.j2")
    own = reports.published[report].claims if report in reports.published else {}
    context = {"scope": scope, "reports": reports, "w": Writer(reports, scope, up="../"), "lines": lines, "own": own}
    return Markup(template.render(context))  # noqa: S704
