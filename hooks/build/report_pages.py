"""The page of each report, and the permanent pages of the datasets that it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment

from harness.errors import UsageError

from ..claims.review import judge
from ..editions.citation import bibtex, command
from ..editions.comparison import OtherRecording, section
from ..editions.downloads import by_folder, downloads
from ..editions.edition import Edition
from ..editions.history import Version
from ..editions.prose import Prose
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset
from ..pages.earlier_results import earlier_section
from ..pages.edition import render_current, render_earlier, render_files
from ..pages.glossary import named_metrics
from ..pages.report import DatasetOnPage, of_several, render_report
from ..rendering.claim_phrase import in_all_recordings
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..replication.corpus import AllReports
from .dataset_pages import DatasetPages
from .page_store import PageStore

Compute = Callable[[Prose, Edition], Report]


class ReportPages:
    """Fills the pages of reports. ``compute`` raises ``UsageError`` where today's code cannot compute a version."""

    def __init__(self, datasets: DatasetPages, pages: PageStore, compute: Compute) -> None:
        self._datasets = datasets
        self._pages = pages
        self._compute = compute

    @property
    def templates(self) -> Environment:
        """What pages are filled from."""
        return self._datasets.templates

    def of(self, report: Report, others: Sequence[OtherRecording], reports: AllReports) -> Iterator[Page]:
        """All pages of one report."""
        if report.study is not None:
            yield from self.editions(report)
            yield from self._other_recordings(report, others)
        yield from self._report(report, others, reports)

    def editions(self, report: Report) -> Iterator[Page]:
        """The page of every version of a report's dataset."""
        history, (project, templates) = self._datasets.history(report), self._datasets.sources
        for version in history:
            if version.current:
                yield render_current(version, report.prose, templates)
                continue
            try:
                earlier = self._compute(report.prose, version.edition)
            except UsageError as error:
                yield render_files(version, report.prose, templates, str(error))
                continue
            yield from render_earlier(version, earlier, templates, project, self.context(earlier, version, history))

    def _other_recordings(self, report: Report, others: Sequence[OtherRecording]) -> Iterator[Page]:
        """The page of every other recording that a report shows."""
        history, (project, templates) = self._datasets.history(report), self._datasets.sources
        versions = (*history, *(other.version for other in others))
        for other in others:
            self._datasets.offer(other.edition)
            if other.report is None:
                yield render_files(other.version, report.prose, templates, other.error, other=other)
                continue
            context = {**self.context(other.report, other.version, versions), "other": other}
            yield from render_earlier(other.version, other.report, templates, project, context)

    def _report(self, report: Report, others: Sequence[OtherRecording], reports: AllReports) -> tuple[Page, ...]:
        notes = judge(
            report.id,
            report.content.claims.values(),
            self._datasets.project.docs,
            dataset=report.label,
            digest=report.digest,
            local=report.editions[0].local,
        )
        history = self._datasets.history(report)
        context = {
            **self.context(report, history[-1], (*history, *(other.version for other in others))),
            "notes": notes,
        }
        templates = self._datasets.templates

        def render() -> Iterator[Page]:
            scope = Scope(report.content, report.rows_at)
            shown = {
                "earlier": earlier_section(reports, templates, scope, report.id),
                "in_all_recordings": in_all_recordings(scope, report, others),
                **section(report, others),
            }
            yield from render_report(templates, report, scope, {**context, **shown})

        keys = [other.key for other in others]
        about = (report.key, report.page, report.prose, report.editions, context, keys, reports.stated_of(report.id))
        return self._pages.pages(about, render)

    def context(self, report: Report, version: Version, history: Sequence[Version]) -> Mapping[str, Any]:
        """What the page of any version of a report shows that is not in its content."""
        return {
            "bibtex": bibtex(report.prose, report.editions),
            "named_metrics": named_metrics(report.editions, self._datasets.project.docs),
            "datasets": [self._dataset(dataset) for dataset in report.datasets],
            "version": version,
            "history": history,
            "other_recordings": (),
            **(of_several(report) if report.study is None else {}),
        }

    def _dataset(self, dataset: ShownDataset) -> DatasetOnPage:
        edition = dataset.edition
        files = by_folder(downloads(self._datasets.store, edition))
        return DatasetOnPage(dataset, command(edition), files, self._datasets.instruments.error_of(edition.manifest))
