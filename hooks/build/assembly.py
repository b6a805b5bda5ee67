"""Renders every generated page from its inputs. ``build.py`` calls it where nothing was kept.

First every report's dataset is found and its content computed (or taken from the store); then the pages are
filled, because a page about one report may show what another one found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness.design import Study
from harness.errors import BinderyError, UsageError
from harness.studies import STUDIES

from ..analysis.comparability import guard
from ..caching.job import Ahead, Job
from ..caching.store import Store, digest_files
from ..claims.review import judge
from ..content.blocks import Content, content_of
from ..content.vega import bundle_job, bundle_name
from ..editions.citation import bibtex, command, hardware
from ..editions.comparison import Elsewhere, section
from ..editions.downloads import downloads
from ..editions.edition import Edition, Shown, edition, prove
from ..editions.front_check import demand_front
from ..editions.history import beside
from ..editions.prose import Prose, read_prose
from ..editions.report import Report
from ..outputs import summary
from ..outputs.announcements import Announced, cards, files
from ..pages import decode_speed as comparison
from ..pages import hardware as machines
from ..pages import instrument, label_audit
from ..pages import interval_coverage as simulations
from ..pages import prompt_cache as prompt_caches
from ..pages.earlier_results import earlier_section
from ..pages.glossary import render_glossary
from ..pages.notebooks import FOLDER, render_notebook
from ..pages.report import render_report
from ..project import Project
from ..rendering.claim_phrase import everywhere
from ..rendering.environment import environment
from ..rendering.page import Broken, Page, Rendered
from ..rendering.scope import Scope
from ..replication.corpus import AllReports
from ..replication.findings import Published, published
from ..values.value import Value
from .dataset_pages import SealedPages
from .page_store import PageStore
from .prefetch import Recorded, content_job, offered, shown
from .prose_check import demand_words
from .prose_markup import demand_markup
from .prose_words import demand_literals, demand_tested_words
from .series_pages import series_pages

_COMPUTING = "hooks.build.compute"


class Assembly:
    """One rendering of a project; what is expensive is kept in ``store``."""

    def __init__(self, project: Project, store: Store) -> None:
        self.project = project
        self.store = store
        self.templates: Environment = environment(project.templates)
        self._vega = bundle_name(bundle_job())
        self._kept = PageStore(store, project)
        self._sealed = SealedPages(project, store, self.templates)
        self._broken: list[Broken] = []
        self._pages: dict[str, Page] = {}
        self._elsewhere: dict[str, tuple[Elsewhere, ...]] = {}

    def render(self, found: Sequence[Recorded], ahead: Ahead) -> Rendered:
        """Every generated page. A page that fails is in ``broken``; the others are not affected.

        What pages are made of is under way ``ahead``.
        """
        ahead.wait()
        ahead.begin((*self._drawing(found), *offered(found)))
        reports = tuple(self._reports())
        everything = AllReports.load(self.project.cited, self.project.series, map(_published, reports))
        for report in reports:
            with self._holding(f"reports/{report.id}.md", report.id.upper()):
                others = self._elsewhere.get(report.id, ())
                for page in (
                    *self._sealed.editions(report, self._report, self._extra),
                    *self._sealed.elsewhere(report, others, self._extra),
                ):
                    self._add(page)
                for page in self._page(report, others, everything):
                    self._add(page)
        for path, title, render in self._about_sealed(reports):
            with self._holding(path, title):
                self._add(render())
        for page in (
            *self._kept.pages(everything.stated(), lambda: series_pages(everything, self.templates)),
            *self._simulations(),
            render_glossary(self.templates, self.project.templates, self.store),
        ):
            self._add(page)
        announced = tuple(self._announced(report) for report in reports)
        told = dict(files(announced))
        for report in reports:
            self._notebook(report, told[summary.PATH])
        images = cards(announced)
        drawn = [job for _, job in images.values()]
        ahead.begin(drawn)
        self._pages |= {
            path: replace(self._pages[path], card=images[path][0]) for path in images if path in self._pages
        }
        return Rendered(
            self._pages,
            {**dict(self._assets()), **{path: job.place(self.store) for path, job in images.values()}, **told},
            tuple(self._broken),
            max((report.edition.epoch for report in reports), default=None),
            frozenset(name.upper() for name in everything.series.entries),
            tuple(self.store.misses),
            lambda: self._finish(ahead, drawn),
        )

    def _drawing(self, found: Sequence[Recorded]) -> Iterator[Job]:
        """The chart across reports; where it cannot be drawn, its own page says why."""
        with suppress(BinderyError):
            judged = guard(comparison.candidates(shown(found), self.store)[0])
            yield from filter(None, [comparison.drawing_job(judged)])

    def _finish(self, ahead: Ahead, drawn: Iterable[Job]) -> None:
        """Every file that a page leads to is there."""
        ahead.finish()
        for job in (bundle_job(), *self._sealed.tables(), *drawn):
            job.make(self.store)

    def _about_sealed(self, reports: Sequence[Report]) -> Iterator[tuple[str, str, Callable[[], Page]]]:
        """The pages about what is sealed: path, title, and what renders them."""
        yield instrument.PATH, "Instrument", self._sealed.instrument
        yield machines.PATH, "Hardware", lambda: self._sealed.hardware(reports, self._beside(reports))
        yield prompt_caches.PATH, "Prompt caches", self._sealed.prompt_caches
        yield label_audit.PATH, "Label audit", lambda: self._sealed.labels(self._shown(reports))
        yield comparison.PATH, "Decode speed", lambda: self._sealed.speeds(self._shown(reports), self._vega)

    def _beside(self, reports: Sequence[Report]) -> list[Elsewhere]:
        """The recordings shown beside published ones."""
        return [other for report in reports for other in self._elsewhere.get(report.id, ())]

    def _shown(self, reports: Sequence[Report]) -> list[Shown]:
        """The recordings that reports show, each published one before those beside it."""
        return [
            shown
            for report in reports
            for shown in (
                Shown(report.edition),
                *(Shown(other.edition, beside=True) for other in self._elsewhere.get(report.id, ())),
            )
        ]

    def _simulations(self) -> tuple[Page, ...]:
        source = self.project.docs / simulations.SOURCE
        if not source.is_file():
            return ()
        return self._kept.pages(
            digest_files([source]), lambda: [simulations.render_simulations(source, self.templates)]
        )

    def _announced(self, report: Report) -> Announced:
        """A report with what the version before the published one found; nothing where code moved on."""
        versions = self._sealed.history(report)
        before: Mapping[str, Value] = {}
        if len(versions) > 1:
            with suppress(UsageError):
                before = self._report(report.prose, versions[-2].edition).content.findings
        return Announced(report, _published(report), versions, before, self._elsewhere.get(report.id, ()))

    def _notebook(self, report: Report, told: bytes) -> None:
        source = self.project.docs / FOLDER / f"{report.id}.py"
        if source.is_file():
            with self._holding(f"{FOLDER}/{report.id}.md", f"Notebook {report.id.upper()}"):
                self._add(render_notebook(source, report.edition, told, self.store))

    def _add(self, page: Page) -> None:
        self._pages[page.path] = page

    @contextmanager
    def _holding(self, path: str, title: str) -> Iterator[None]:
        """Keeps an error to one page."""
        try:
            yield
        except BinderyError as error:
            self._broken.append(Broken(path, title, error))

    def _reports(self) -> Iterator[Report]:
        """The reports that have a dataset; the others get their page at once."""
        for path in self.project.prose_files():
            with self._holding(f"reports/{path.stem}.md", path.stem.upper()):
                prose = read_prose(path)
                demand_tested_words(prose, self.project.root)
                demand_literals(prose, self.project.root)
                demand_markup(prose, self.project.root)
                demand_words(prose, self.project.root, (path.stem.upper() for path in self.project.prose_files()))
                found = edition(self.project, prose.report, prose.front.dataset)
                if found is None:
                    self._add(self._planned(prose))
                else:
                    demand_front(self.project, prose, found)
                    others = beside(self.project, prose, found)
                    report = self._report(prose, found)
                    self._elsewhere[report.id] = tuple(self._other(report, other) for other in others)
                    yield report

    def _other(self, report: Report, other: Edition) -> Elsewhere:
        """A recording beside the published one; it says so where today's code cannot compute the report from it."""
        try:
            return Elsewhere(other, report, self._report(report.prose, other, beside=True))
        except UsageError as error:
            return Elsewhere(other, report, None, str(error))

    def _report(self, prose: Prose, found: Edition, *, beside: bool = False) -> Report:
        prove(found, self.store)
        job = content_job(self.project, prose.report, found, beside=beside)
        return Report(_study(prose.report), prose, found, content_of(job.data(self.store)), job.key)

    def _page(self, report: Report, others: Sequence[Elsewhere], everything: AllReports) -> tuple[Page, ...]:
        found = report.edition
        notes = judge(
            report.id,
            report.content.claims.values(),
            self.project.docs,
            dataset=found.label,
            digest=found.digest,
            local=found.local,
        )
        extra = {
            **self._extra(report),
            **self._sealed.shown_with(report, others),
            "notes": notes,
        }

        def render() -> Iterator[Page]:
            scope = Scope(report.content)
            earlier = earlier_section(everything, self.templates, scope, report.id)
            shown = {"earlier": earlier, "everywhere": everywhere(scope, report, others), **section(report, others)}
            yield render_report(self.templates, report, scope, {**extra, **shown})

        keys = [other.key for other in others]
        about = (report.key, report.page, report.prose, found, extra, keys, everything.stated_of(report.id))
        return self._kept.pages(about, render)

    def _extra(self, report: Report) -> Mapping[str, Any]:
        """What the page of any edition shows of it."""
        found = report.edition
        return {
            "vega": self._vega,
            "downloads": list(downloads(self.store, found)),
            "hardware": hardware(found.manifest.environment),
            "bibtex": bibtex(report.prose, found),
            "command": command(found),
            "elsewhere": (),
        }

    def _assets(self) -> Iterator[tuple[str, bytes | Path]]:
        yield f"assets/{self._vega}", bundle_job().place(self.store)
        yield from self._sealed.assets()
        for folder in (self.project.cited, self.project.declared_inputs):
            yield from ((f"data/{folder.name}/{path.name}", path) for path in sorted(folder.glob("*.yml")))
        for page in self._pages.values():
            yield from page.assets.items()

    def _planned(self, prose: Prose) -> Page:
        """The page of a report whose dataset is not in this data root."""
        template = self.templates.get_template("planned.md.j2")
        context = {"scope": Scope(Content()), "study": _study(prose.report), "committed": self.project.committed}
        return Page(f"reports/{prose.report}.md", prose.front.title, template.render(context))


def _published(report: Report) -> Published:
    return published(report, hardware(report.edition.manifest.environment))


def _study(report: str) -> Study:
    return STUDIES.load(report)
