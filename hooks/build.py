"""Renders everything that is generated, as a plain library: no MkDocs is needed to run or to read it.

First every report's dataset is found and its content computed (or taken from the store); then the pages are
filled, because a page about one report may show what another one found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from harness.design import Study
from harness.errors import BinderyError
from harness.studies import STUDIES

from . import series
from .all_reports import AllReports
from .cache import Store, digest_files, key_of, libraries
from .content import Content, content_of
from .dependencies import sources
from .downloads import downloads
from .editions import Edition, edition
from .imprint import bibtex, command, hardware
from .pages import Page, Report, render_report
from .project import Project
from .prose import Prose, read_prose
from .rendered import Broken, Rendered
from .reports import module_name
from .review import judge
from .scope import Scope
from .series_pages import earlier_section, inputs, published, series_pages
from .templating import environment
from .vega import bundle

SERIES = Path(series.__file__).parent
_COMPUTING = "hooks.computing"
_RENDERING = "hooks.build"


class Builder:
    """Renders one project; what is expensive is kept in its store and survives it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.store = Store(project.cache)
        self.templates: Environment = environment(project.templates)
        self._vega, self._bundle = bundle(self.store)

    def render(self) -> Rendered:
        """Every generated page. A page that fails is in ``broken``; the others are not affected."""
        self.store.misses.clear()
        broken: list[Broken] = []
        reports: dict[str, Report] = {}
        pages: dict[str, Page] = {}
        for path in self.prose_files():
            try:
                prose = read_prose(path)
                found = edition(self.project, prose.report, prose.front.dataset)
                if found is None:
                    pages[f"reports/{path.name}"] = self._planned(prose)
                else:
                    reports[prose.report] = self._report(prose, found)
            except BinderyError as error:
                broken.append(Broken(f"reports/{path.name}", path.stem.upper(), error))
        everything = AllReports.load(
            self.project.cited, (published(r, hardware(r.edition.manifest.environment)) for r in reports.values())
        )
        for report in reports.values():
            try:
                page = self._page(report, everything)
                pages[page.path] = page
            except BinderyError as error:
                broken.append(Broken(f"reports/{report.id}.md", report.id.upper(), error))
        pages |= {page.path: page for page in series_pages(everything, self.templates)}
        return Rendered(
            pages,
            dict(self._assets(pages.values(), reports.values())),
            tuple(broken),
            {report.id: report.edition for report in reports.values()},
            frozenset(name.upper() for name in everything.series.entries),
            tuple(self.store.misses),
        )

    def prose_files(self) -> Iterator[Path]:
        """The prose of every report, in order."""
        yield from sorted((self.project.docs / "reports").glob("*.md"))

    def inputs(self) -> tuple[Path, ...]:
        """Files outside ``docs/`` and the data root that pages are made of, for watching."""
        return inputs(self.project.cited, SERIES, self.project.templates)

    def _report(self, prose: Prose, found: Edition) -> Report:
        key = self._content_key(prose.report, found)
        record = self.store.json("content", key, lambda: _compute(prose.report, found))
        return Report(_study(prose.report), prose, found, content_of(record), key)

    def _page(self, report: Report, everything: AllReports) -> Page:
        found, scope = report.edition, Scope(report.content)
        notes = judge(
            report.id,
            report.content.claims.values(),
            self.project.docs,
            dataset=found.label,
            digest=found.digest,
            local=found.local,
        )
        offered = downloads(self.store, found)
        extra = {
            "vega": self._vega,
            "downloads": list(offered),
            "hardware": hardware(found.manifest.environment),
            "bibtex": bibtex(report.prose, found),
            "command": command(found),
            "notes": {key: Markup(note) for key, note in notes.items()},  # noqa: S704
            "earlier": earlier_section(everything, self.templates, scope, report.id),
        }
        return render_report(self.templates, report, scope, extra)

    def _assets(self, pages: Iterable[Page], reports: Iterable[Report]) -> Iterator[tuple[str, bytes | Path]]:
        yield f"assets/{self._vega}", self._bundle
        for page in pages:
            yield from page.assets.items()
        for report in reports:
            for name, data in downloads(self.store, report.edition).items():
                yield f"data/{report.edition.label}/{name}", data

    def _planned(self, prose: Prose) -> Page:
        """The page of a report whose dataset is not in this data root."""
        template = self.templates.get_template("planned.md.j2")
        context = {"scope": Scope(Content()), "study": _study(prose.report), "committed": self.project.committed}
        return Page(f"reports/{prose.report}.md", prose.front.title, template.render(context))

    def _content_key(self, report: str, found: Edition) -> str:
        study = STUDIES.target(report).partition(":")[0]
        code = {path for name in (module_name(report), study, _COMPUTING) for path in sources(name)}
        return key_of(found.digest, digest_files(code), libraries())


def _study(report: str) -> Study:
    return STUDIES.load(report)


def _compute(report: str, found: Edition) -> Any:
    from .computing import compute_content

    return compute_content(report, found.folder)
