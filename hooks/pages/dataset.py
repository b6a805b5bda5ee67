"""The permanent page of a dataset that only reports over several datasets show: its facts, its files, who shows it."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from harness.studies import study_of

from ..content.blocks import Content
from ..editions.citation import hardware
from ..editions.history import Version
from ..editions.report import Report
from ..rendering.page import Page
from ..rendering.scope import Scope


def render_dataset(version: Version, reports: Sequence[Report], environment: Environment) -> Page:
    """The page of a dataset that ``reports`` show."""
    edition = version.edition
    title = f"{study_of(edition.manifest).title} (dataset)"
    context = {
        "title": title,
        "scope": Scope(Content()),
        "version": version,
        "edition": edition,
        "hardware": hardware(edition.manifest.environment),
        "reports": [report.id for report in reports],
    }
    text = environment.get_template("dataset.md.j2").render(context)
    return Page(f"{version.page}.md", title, text)
