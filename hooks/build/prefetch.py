"""The expensive work that a build will ask for, told before the first page is rendered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from harness.errors import BinderyError
from harness.studies import STUDIES

from ..caching.code_digest import code
from ..caching.job import Job
from ..caching.store import digest_files, key_of, libraries
from ..content.vega import bundle_job
from ..editions.downloads import csv_jobs
from ..editions.edition import Edition, Shown, edition, open_edition, versions
from ..editions.history import beside, history
from ..editions.prose import read_prose
from ..pages.decode_speed import speeds_job
from ..pages.instrument import CALIBRATION, instrument_job
from ..project import Project
from ..reports import module_name

COMPUTING = "hooks.build.compute"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A report with its editions, oldest first, and the recordings beside the last of them."""

    report: str
    editions: tuple[Edition, ...]
    beside: tuple[Edition, ...]


def recorded(project: Project) -> Iterator[Recorded]:
    """Every report that has a dataset. Those with an error say so where they are rendered."""
    for path in project.prose_files():
        with suppress(BinderyError):
            prose = read_prose(path)
            found = edition(project, prose.report, prose.front.dataset)
            if found is not None:
                past = history(project, found, prose.front.beside)
                yield Recorded(prose.report, tuple(one.edition for one in past), beside(project, prose, found))


def content_job(project: Project, report: str, found: Edition, *, beside: bool = False) -> Job:
    """What a report computes of a dataset, with the project's declared inputs."""
    inputs = project.declared_inputs
    study = STUDIES.target(report).partition(":")[0]
    given = digest_files(sorted(inputs.glob("*.yml")))
    key = key_of(found.digest, beside, given, code(module_name(report), study, COMPUTING), libraries())
    return Job("content", key, f"{COMPUTING}:compute_content", (report, found.folder, beside, inputs))


def needed(project: Project, found: Sequence[Recorded]) -> Iterator[Job]:
    """What pages are made of, the longest first."""
    for one in found:
        with suppress(BinderyError):
            yield from (content_job(project, one.report, edition) for edition in one.editions)
            yield from (content_job(project, one.report, other, beside=True) for other in one.beside)
    yield from map(speeds_job, shown(found))
    for name in versions(project.data, CALIBRATION):
        with suppress(BinderyError):
            yield instrument_job(open_edition(project, CALIBRATION, name))


def shown(found: Sequence[Recorded]) -> list[Shown]:
    """The recordings that reports show, each published one before those beside it."""
    return [
        recording
        for one in found
        for recording in (Shown(one.editions[-1]), *(Shown(other, beside=True) for other in one.beside))
    ]


def offered(found: Sequence[Recorded]) -> Iterator[Job]:
    """The files that pages lead to and do not read."""
    yield bundle_job()
    for one in found:
        for edition_of in (*one.editions, *one.beside):
            yield from csv_jobs(edition_of)
