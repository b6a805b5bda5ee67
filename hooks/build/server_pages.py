"""The pages under *Servers*: one for each version of each dataset that has no report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..editions.history import Version
from ..editions.shown_dataset import ShownDataset
from ..pages.server import FOLDER, no_prose, render_server, render_unrecorded
from ..project import Project
from ..rendering.page import Page
from .report_pages import ReportPages
from .report_reader import ReportReader
from .unreported import without_report


def server_pages(
    project: Project, found: Sequence[Version], reader: ReportReader, shared: ReportPages
) -> Iterator[Page]:
    """The pages of the versions of one study, oldest first; the newest has an author's words where somebody wrote
    some. Raises ``BinderyError``."""
    for version in found:
        edition = version.edition
        written = project.docs / FOLDER / f"{edition.manifest.study}.md"
        if version.current and written in project.server_prose():
            prose = reader.prose(written)
        else:
            prose = no_prose(project, edition.manifest.study, edition.manifest.title)
        report = reader.report(prose, (ShownDataset(edition),))
        yield from render_server(version, report, shared.templates, shared.context(report, version, found))


def unrecorded(project: Project, reader: ReportReader) -> Iterator[Page]:
    """The pages of words whose datasets are not under the data root. Raises ``BinderyError``."""
    recorded = without_report(project)
    for path in project.server_prose():
        if path.stem not in recorded:
            yield render_unrecorded(reader.prose(path))
