"""A page of its own for every version of a report's dataset: its address never changes and never goes away.

The current version's page leads to the report. Another one shows all that is computed from its data, under a banner
that says why it was replaced, or where it was recorded; the prose of today was not written for it and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jinja2 import Environment

from ..content.blocks import Content
from ..editions.history import Version
from ..editions.prose import Prose
from ..editions.report import Report
from ..project import Project
from ..rendering.page import Page
from ..rendering.scope import Scope
from .report import render_report


def render_current(version: Version, prose: Prose, environment: Environment) -> Page:
    """The permanent address of the version that is published now: it leads to the report."""
    return _plain("current_edition.md", version, prose, environment, {})


def render_earlier(
    version: Version, report: Report, environment: Environment, project: Project, context: Mapping[str, Any]
) -> tuple[Page, Page]:
    """The pages of another version than the published one: all claims, tables and figures that its data give."""
    template, kind = ("other_recording", "another recording") if version.other_recording else _SUPERSEDED
    body = project.templates / f"{template}.md.j2"
    words = report.prose.model_copy(update={"path": body, "body": body.read_text(encoding="utf-8")})
    shown = replace(report, prose=words, path=version.page)
    scope = Scope(report.content, shown.rows_at)
    return render_report(environment, shown, scope, context, f"({kind})")


_SUPERSEDED = "earlier_edition", "superseded edition"


def render_files(version: Version, prose: Prose, environment: Environment, error: str, **context: Any) -> Page:
    """The page of another version than the published one that today's code cannot compute."""
    return _plain("earlier_files.md", version, prose, environment, {"error": error, **context})


def _plain(template: str, version: Version, prose: Prose, environment: Environment, context: Mapping[str, Any]) -> Page:
    shared = {"version": version, "front": prose.front, "report": prose.report}
    scope = Scope(Content())
    text = environment.get_template(f"{template}.j2").render({"scope": scope, **shared, **context})
    return Page(f"{version.page}.md", f"{prose.report.upper()} {prose.front.title}", text)
