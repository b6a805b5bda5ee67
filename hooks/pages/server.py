"""The page of a dataset that nobody wrote a report about: everything that its data give, and no prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jinja2 import Environment

from ..editions.history import Version
from ..editions.prose import Front, Prose
from ..editions.report import Report
from ..project import Project
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..text.escaping import escape_markdown
from .report import render_report

FOLDER = "servers"


def server_path(study: str) -> str:
    """The page of the newest version of a dataset without a report."""
    return f"{FOLDER}/{study}.md"


def page_of(version: Version) -> str:
    """The path of a version's page without its ending: the newest has the study's name."""
    study = version.edition.manifest.study
    return f"{FOLDER}/{study}" if version.current else f"{FOLDER}/{study}-{version.edition.folder.name}"


def no_prose(project: Project, study: str, title: str) -> Prose:
    """What stands in the place of an author's words."""
    body = project.templates / "server.md.j2"
    return Prose(path=body, report=study, front=Front(title=title), body=body.read_text(encoding="utf-8"))


def render_unrecorded(prose: Prose) -> Page:
    """The page of words whose dataset is not under this data root."""
    text = f"# {escape_markdown(prose.front.title)}\n\nThe dataset of this page is not among those of this site.\n"
    return Page(f"{FOLDER}/{prose.report}.md", prose.front.title, text, sources=(prose.path,))


def render_server(
    version: Version, report: Report, environment: Environment, context: Mapping[str, Any]
) -> tuple[Page, Page]:
    """The page of one version and that of its numbers. Raises ``UsageError``."""
    shown = replace(report, path=page_of(version))
    kind = "" if version.current else f"({version.edition.label})"
    made, numbers = render_report(environment, shown, Scope(report.content, shown.rows_at), context, kind)
    return replace(made, title=f"{report.title} {kind}".strip()), numbers
