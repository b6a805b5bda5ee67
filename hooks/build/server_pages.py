"""The pages under *Servers*: one for each version of each dataset that has no report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..editions.history import Version
from ..editions.shown_dataset import ShownDataset
from ..pages.server import render_server, server_prose
from ..project import Project
from ..rendering.page import Page
from .report_pages import ReportPages
from .report_reader import ReportReader


def server_pages(
    project: Project, found: Sequence[Version], reader: ReportReader, shared: ReportPages
) -> Iterator[Page]:
    """The pages of the versions of one study, oldest first. Raises ``BinderyError``."""
    for version in found:
        edition = version.edition
        prose = server_prose(project, edition.manifest.study, edition.manifest.title)
        report = reader.report(prose, (ShownDataset(edition),))
        yield render_server(version, report, shared.templates, shared.context(report, version, found))
