"""Renders every generated page from its inputs. ``builder.py`` calls it where nothing was kept.

First every report's datasets are found and its content computed (or taken from the store); then the pages are
filled, because a page about one report may show what another one found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from jinja2 import Environment

from harness.errors import BinderyError, UsageError

from ..analysis.comparability import guard
from ..caching.ahead import Ahead
from ..caching.job import Job
from ..caching.store import Store, digest_files
from ..editions.comparison import OtherRecording
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset, each_once
from ..outputs import summary
from ..outputs.announcements import Announcement, cards, files
from ..pages import hardware, instrument, interval_coverage, label_audit, probes
from ..pages.glossary import render_metrics, render_terms
from ..pages.notebooks import FOLDER, render_notebook
from ..pages.results import decode_speed
from ..pages.server import server_path
from ..pages.study_file import render_study_file
from ..project import Project
from ..rendering.environment import environment
from ..rendering.page import Broken, Page, Rendered
from ..replication.corpus import AllReports
from ..replication.findings import published
from ..text.terms import PAGE as GLOSSARY
from ..values.value import Value
from .dataset_pages import DatasetPages
from .defining_words import demand_defining_terms
from .guide_words import demand_tested_entry
from .page_store import PageStore
from .prefetch import Recorded, offered, shown_datasets
from .report_pages import ReportPages
from .report_reader import ReportReader
from .result_pages import ResultPages
from .series_pages import series_pages
from .server_pages import server_pages, unrecorded
from .unreported import recordings, without_report


class Assembly:
    """One rendering of a project; what is expensive is kept in ``store``."""

    def __init__(self, project: Project, store: Store) -> None:
        self.project = project
        self.store = store
        self.templates: Environment = environment(project.templates)
        self._kept = PageStore(store, project)
        self._reader = ReportReader(project, store)
        self._datasets = DatasetPages(project, store, self.templates)
        self._report_pages = ReportPages(self._datasets, self._kept, self._reader.edition)
        self._results = ResultPages(self._datasets, self._kept)
        self._broken: list[Broken] = []
        self._pages: dict[str, Page] = {}
        self._unrecorded: list[str] = []
        self._others: dict[str, tuple[OtherRecording, ...]] = {}

    def render(self, recorded: Sequence[Recorded], ahead: Ahead) -> Rendered:
        """Every generated page. A page that fails is in ``broken``; the others are not affected.

        What pages are made of is under way ``ahead``.
        """
        ahead.wait()
        ahead.begin((*self._drawing(recorded), *offered(self.project, recorded)))
        reports = tuple(self._reports())
        everything = AllReports.load(self.project.cited, self.project.series, map(published, reports))
        for entry in everything.series:
            with self._holding(f"reports/{entry.id}.md", entry.label):
                demand_tested_entry(entry)
        with self._holding(f"{GLOSSARY}.md", "Glossary"):
            demand_defining_terms(self.project.docs)
        announcements = tuple(self._announcement(report) for report in reports)
        self._fill(reports, everything, announcements)
        announced = dict(files(announcements))
        for report in reports:
            self._notebook(report, announced[summary.PATH])
        images = cards(announcements)
        ahead.begin(job for _, job in images.values())
        self._pages |= {
            path: replace(self._pages[path], card=images[path][0]) for path in images if path in self._pages
        }
        for entry in everything.series.entries.values():
            if (path := f"reports/{entry.id}.md") in self._pages:
                self._pages[path] = replace(self._pages[path], sought=entry.sought)
        jobs = {**dict(self._datasets.tables()), **dict(images.values())}
        return Rendered(
            self._pages,
            {**dict(self._assets()), **{path: job.place(self.store) for path, job in jobs.items()}, **announced},
            tuple(self._broken),
            max((edition.epoch for report in reports for edition in report.editions), default=None),
            frozenset(name.upper() for name in everything.series.entries),
            tuple(self.store.misses),
            jobs,
            lambda: self._finish(ahead, jobs.values()),
        )

    def _fill(self, reports: Sequence[Report], everything: AllReports, news: Sequence[Announcement]) -> None:
        """All pages but notebooks."""
        for name in self._unrecorded:
            with self._holding(f"reports/{name}.md", name.upper()):
                everything.series.entry(name)
        for report in reports:
            with self._holding(f"reports/{report.id}.md", report.id.upper()):
                self._add(self._report_pages.of(report, self._others.get(report.id, ()), everything))
        self._servers()
        self._add(self._datasets.without_edition(reports, self._pages))
        for path, title, render in self._about_datasets(reports):
            with self._holding(path, title):
                self._add([render()])
        for path, title, make in self._results.of(reports, self._shown(reports), everything, self._pages):
            with self._holding(path, title):
                self._add(make())
        committed, fronts = self.project.committed, [report.prose.front for report in reports]
        servers = [
            (path, self._pages[path].title)
            for path in map(server_path, without_report(self.project))
            if path in self._pages
        ]
        simulated = (self.project.docs / interval_coverage.SOURCE).is_file()
        made = self._kept.pages(
            (everything.stated(), fronts, committed, servers, simulated),
            lambda: series_pages(everything, self.templates, news, servers, committed=committed, simulated=simulated),
        )
        broken = {one.path for one in self._broken}
        self._add(page for page in made if page.path not in broken)
        self._add(self._simulations())
        self._add(
            [
                *render_metrics(self.templates, self.project.templates, self.store),
                render_terms(self.templates, self.project.docs),
                render_study_file(self.templates),
            ]
        )

    def _servers(self) -> None:
        """The pages of datasets without a report."""
        for study in without_report(self.project):
            with self._holding(server_path(study), study):
                found = recordings(self.project, study)
                for version in found:
                    self._datasets.offer(version.edition)
                self._add(server_pages(self.project, found, self._reader, self._report_pages))
        with self._holding("servers/index.md", "Servers"):
            self._add(unrecorded(self.project, self._reader))

    def _drawing(self, recorded: Sequence[Recorded]) -> Iterator[Job]:
        """The chart of decode speeds; where it cannot be drawn, its own page says why."""
        with suppress(BinderyError):
            judged = guard(decode_speed.candidates(shown_datasets(recorded), self.store)[0])
            yield from filter(None, [decode_speed.drawing_job(judged)])

    def _finish(self, ahead: Ahead, jobs: Iterable[Job]) -> None:
        """Every file that a page leads to is made."""
        ahead.finish()
        for job in jobs:
            job.make(self.store)

    def _about_datasets(self, reports: Sequence[Report]) -> Iterator[tuple[str, str, Callable[[], Page]]]:
        """The pages about datasets: path, title, and what renders them."""
        datasets, shown = self._datasets, self._shown(reports)
        others = [other for report in reports for other in self._others.get(report.id, ())]
        yield instrument.PATH, "Instrument", datasets.instrument
        yield hardware.PATH, "Hardware", lambda: datasets.hardware(reports, others)
        for about in probes.PAGES:
            yield about.path, about.title, partial(datasets.probes, about)
        yield label_audit.PATH, "Label audit", lambda: datasets.labels(shown)
        yield decode_speed.PATH, "Decode speed", lambda: datasets.decode_speed(shown)

    def _shown(self, reports: Sequence[Report]) -> list[ShownDataset]:
        """The datasets that reports show."""
        others = {
            report: [ShownDataset(other.edition, other_recording=True) for other in found]
            for report, found in self._others.items()
        }
        return list(each_once((*report.datasets, *others.get(report.id, ())) for report in reports))

    def _simulations(self) -> tuple[Page, ...]:
        source = self.project.docs / interval_coverage.SOURCE
        if not source.is_file():
            return ()
        render = interval_coverage.render_simulations
        return self._kept.pages(digest_files([source]), lambda: render(source, self.templates))

    def _announcement(self, report: Report) -> Announcement:
        """A report with what the version before the published one found; nothing where code moved on."""
        versions = self._datasets.history(report) if report.study else ()
        previous: Mapping[str, Value] = {}
        if len(versions) > 1:
            with suppress(UsageError):
                previous = self._reader.edition(report.prose, versions[-2].edition).content.findings
        return Announcement(report, published(report), versions, previous, self._others.get(report.id, ()))

    def _notebook(self, report: Report, announced: bytes) -> None:
        source = self.project.docs / FOLDER / f"{report.id}.py"
        if source.is_file():
            with self._holding(f"{FOLDER}/{report.id}.md", f"Notebook {report.id.upper()}"):
                self._add([render_notebook(source, report.editions, announced, self.store)])

    def _add(self, pages: Iterable[Page]) -> None:
        for page in pages:
            self._pages[page.path] = page

    @contextmanager
    def _holding(self, path: str, title: str) -> Iterator[None]:
        """Keeps an error to one page."""
        try:
            yield
        except BinderyError as error:
            self._broken.append(Broken(path, title, error))

    def _reports(self) -> Iterator[Report]:
        """The reports that have their datasets; the others get their page at once."""
        for path in self.project.prose_files():
            with self._holding(f"reports/{path.stem}.md", path.stem.upper()):
                prose = self._reader.prose(path)
                report = self._reader.published(prose)
                if report is None:
                    self._unrecorded.append(prose.report)
                else:
                    self._others[report.id] = self._reader.other_recordings(report)
                    yield report

    def _assets(self) -> Iterator[tuple[str, bytes | Path]]:
        yield from self._datasets.assets()
        if self.project.sealed.is_file():
            yield "data/SEALED", self.project.sealed
        for folder in (self.project.cited, self.project.declared_inputs):
            yield from ((f"data/{folder.name}/{path.name}", path) for path in sorted(folder.glob("*.yml")))
        for page in self._pages.values():
            yield from page.assets.items()
