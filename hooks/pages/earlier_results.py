"""The section *Published earlier* of a report's own page."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from ..rendering.corpus_writer import Writer
from ..rendering.scope import Scope
from ..replication.corpus import AllReports


def earlier_section(reports: AllReports, environment: Environment, scope: Scope, report: str) -> Markup:
    """The section *Published earlier* of a report's own page: each cited figure beside ours."""
    figures = {figure.id for figure in reports.cited.of(report)}
    lines = [line for line in reports.replications if line.figure.id in figures]
    template = environment.get_template("macros/earlier.md.j2")
    own = reports.published[report].claims if report in reports.published else {}
    writer = Writer(reports, scope, up="../")
    context = {"scope": scope, "reports": reports, "w": writer, "lines": lines, "own": own, "report": report}
    return Markup(template.render(context))  # noqa: S704
