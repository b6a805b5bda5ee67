"""The expensive work that a build will need, listed before the first page is rendered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from harness.errors import BinderyError
from harness.studies import STUDIES

from ..caching.code_digest import code
from ..caching.job import Job
from ..caching.store import digest_files, key_of, libraries
from ..editions.downloads import csv_jobs
from ..editions.edition import Edition, open_edition, versions
from ..editions.history import history, other_recordings
from ..editions.prose import Prose, read_prose
from ..editions.shown_dataset import ShownDataset, each_once, published_datasets
from ..pages.instrument import CALIBRATION, instrument_job
from ..pages.results.decode_speed import speeds_job
from ..pages.results.sessions import Followed, followed
from ..project import Project
from ..reports import computing

COMPUTING = "hooks.build.compute"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A report with its datasets, their earlier versions and its other recordings."""

    report: str
    datasets: tuple[ShownDataset, ...]
    earlier: tuple[Edition, ...] = ()
    others: tuple[ShownDataset, ...] = ()

    @property
    def shown(self) -> tuple[ShownDataset, ...]:
        """What its page shows, the published datasets first."""
        return *self.datasets, *self.others


def recorded_reports(project: Project) -> Iterator[Recorded]:
    """Every report that has a dataset. Those with an error say so where they are rendered."""
    for path in project.prose_files():
        with suppress(BinderyError):
            prose = read_prose(path)
            datasets = published_datasets(project, prose)
            if datasets:
                yield _recorded(project, prose, datasets)


def _recorded(project: Project, prose: Prose, datasets: tuple[ShownDataset, ...]) -> Recorded:
    if prose.front.datasets:
        return Recorded(prose.report, datasets)
    current = datasets[0].edition
    earlier = tuple(version.edition for version in history(project, current, prose.front.recordings)[:-1])
    others = tuple(ShownDataset(one, other_recording=True) for one in other_recordings(project, prose, current))
    return Recorded(prose.report, datasets, earlier, others)


def content_job(project: Project, report: str, datasets: Sequence[ShownDataset]) -> Job:
    """What a report computes of its datasets, with the project's declared inputs."""
    inputs = project.declared_inputs
    given = digest_files(sorted(inputs.glob("*.yml")))
    declared = {one.edition.manifest.study for one in datasets} & {*STUDIES}
    studies = sorted(STUDIES.target(study).partition(":")[0] for study in declared)
    asked = [[one.name, one.edition.digest, one.other_recording] for one in datasets]
    key = key_of(asked, given, code(computing(report), *studies, COMPUTING), libraries())
    if datasets[0].name:
        named = tuple((one.name, one.edition.folder, one.other_recording) for one in datasets)
        return Job("content", key, f"{COMPUTING}:compute_over_datasets", (report, named, inputs))
    (one,) = datasets
    arguments = (report, one.edition.folder, one.other_recording, inputs)
    return Job("content", key, f"{COMPUTING}:compute_content", arguments)


def needed(project: Project, reports: Sequence[Recorded]) -> Iterator[Job]:
    """What pages are made of, the longest first."""
    for recorded in reports:
        with suppress(BinderyError):
            yield content_job(project, recorded.report, recorded.datasets)
            yield from (content_job(project, recorded.report, [ShownDataset(edition)]) for edition in recorded.earlier)
            yield from (content_job(project, recorded.report, [other]) for other in recorded.others)
    with suppress(BinderyError):
        yield from (study.job for study in studies_followed(project, reports))
    yield from map(speeds_job, shown_datasets(reports))
    for name in versions(project.data, CALIBRATION):
        with suppress(BinderyError):
            yield instrument_job(open_edition(project, CALIBRATION, name))


def shown_datasets(reports: Sequence[Recorded]) -> list[ShownDataset]:
    """The datasets that reports show."""
    return list(each_once(recorded.shown for recorded in reports))


def studies_followed(project: Project, reports: Sequence[Recorded]) -> tuple[Followed, ...]:
    """The studies of shown datasets over their sessions. Raises ``DatasetCorrupt``."""
    return tuple(followed(project, shown_datasets(reports)))


def offered(project: Project, reports: Sequence[Recorded]) -> Iterator[Job]:
    """The files that pages lead to and do not read."""
    for recorded in reports:
        for edition in (*recorded.earlier, *(dataset.edition for dataset in recorded.shown)):
            yield from csv_jobs(edition).values()
    with suppress(BinderyError):
        for study in studies_followed(project, reports):
            for session in study.sessions:
                yield from csv_jobs(session.edition).values()
