"""The datasets of a data root that have no report and no page of their own, and what their pages are made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from harness.datasets.catalog import studies
from harness.errors import BinderyError

from ..caching.job import Job
from ..editions.edition import open_edition, versions
from ..editions.history import Version, history
from ..editions.shown_dataset import ShownDataset
from ..pages.instrument import CALIBRATION
from ..pages.probes import PROBES
from ..project import Project
from ..reports import computing, module_name
from .prefetch import content_job

_HAVE_PAGES = frozenset((CALIBRATION, *PROBES))


def without_report(project: Project) -> tuple[str, ...]:
    """The studies that are sealed under the data root and that no report is about, here or in the series."""
    reported = {path.stem for path in project.prose_files()}
    others = (name for name in studies(project.data) if name not in reported | _HAVE_PAGES)
    names = (name for name in others if computing(name) != module_name(name))
    return tuple(name for name in names if versions(project.data, name))


def recordings(project: Project, study: str) -> tuple[Version, ...]:
    """The versions of a study, oldest first; the newest is current. Raises ``DatasetCorrupt``."""
    return history(project, open_edition(project, study, versions(project.data, study)[-1]))


def needed_by_servers(project: Project) -> Iterator[Job]:
    """What the pages are made of."""
    for study in without_report(project):
        with suppress(BinderyError):
            for version in recordings(project, study):
                yield content_job(project, study, [ShownDataset(version.edition)])
