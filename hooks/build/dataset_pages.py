"""The pages about what is sealed, rather than about one report: instrument, hardware, decode speeds, old editions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness.errors import UsageError

from ..caching.job import Job
from ..caching.store import Store
from ..editions.comparison import Elsewhere
from ..editions.downloads import csv_jobs, downloads
from ..editions.edition import Edition, Shown, open_edition
from ..editions.history import Version, history
from ..editions.prose import Prose
from ..editions.report import Report
from ..pages.decode_speed import render_comparison
from ..pages.edition import Extra, render_current, render_earlier, render_files
from ..pages.hardware import datasets, render_machines
from ..pages.instrument import Instruments, render_instrument
from ..pages.label_audit import audited, render_label_audit
from ..pages.prompt_cache import PROBES, newest, render_prompt_caches
from ..project import Project
from ..rendering.page import Page

Compute = Callable[[Prose, Edition], Report]


class SealedPages:
    """The calibrations and the versions of a data root, read once for all pages of a build."""

    def __init__(self, project: Project, store: Store, templates: Environment) -> None:
        self.project = project
        self.store = store
        self.templates = templates
        self._histories: dict[str, tuple[Version, ...]] = {}
        self._offered: dict[str, Edition] = {}

    @cached_property
    def instruments(self) -> Instruments:
        """The calibrations."""
        found = Instruments.load(self.project, self.store)
        self._offered |= {one.edition.label: one.edition for one in found.all}
        return found

    def history(self, report: Report) -> tuple[Version, ...]:
        """The versions of a report's dataset up to the one that it publishes."""
        if report.id not in self._histories:
            found = self._histories[report.id] = history(self.project, report.edition, report.prose.front.beside)
            self._offered |= {version.edition.label: version.edition for version in found}
        return self._histories[report.id]

    def shown_with(self, report: Report, others: Sequence[Elsewhere]) -> Mapping[str, Any]:
        """What the template of a report shows of its instrument and its versions."""
        versions = self.history(report)
        return {
            "history": (*versions, *(other.version for other in others)),
            "version": versions[-1],
            "beside": self.instruments.beside(report.edition.manifest),
        }

    def instrument(self) -> Page:
        """How far the client's own times are from the truth."""
        return render_instrument(self.instruments, self.templates, self.store)

    def hardware(self, reports: Sequence[Report], others: Sequence[Elsewhere]) -> Page:
        """The machines that sealed datasets come from, and which claims hold on all of them."""
        return render_machines(datasets(self.project.data), [report.id for report in reports], others, self.templates)

    def labels(self, shown: Sequence[Shown]) -> Page:
        """Whether the labels of the datasets that reports show are proven, and of the newest of other studies."""
        for ref, _ in audited(self.project.data, shown):
            self._offered.setdefault(ref.label, open_edition(self.project, ref.study, f"v{ref.version}"))
        return render_label_audit(self.project.data, shown, self.templates, self.store)

    def prompt_caches(self) -> Page:
        """Whether engines skip the prefill of prompts that they have seen."""
        found = tuple(newest(self.project, study) for study in PROBES)
        for one in filter(None, found):
            self._offered[one.label] = one
        return render_prompt_caches([one for one in found if one], self.templates, self.store)

    def speeds(self, shown: Sequence[Shown], vega: str) -> Page:
        """Decode rates across the datasets that reports show."""
        return render_comparison(shown, self.templates, self.store, vega)

    def editions(self, report: Report, compute: Compute, extra: Extra) -> Iterator[Page]:
        """The page of every version of a report's dataset. ``compute`` raises ``UsageError`` where code moved on."""
        for version in self.history(report):
            if version.current:
                yield render_current(version, report.prose, self.templates)
                continue
            try:
                earlier = compute(report.prose, version.edition)
            except UsageError as error:
                yield render_files(version, report.prose, self.templates, str(error))
                continue
            yield render_earlier(version, earlier, self.templates, self.project, self._extra(report, version, extra))

    def elsewhere(self, report: Report, others: Iterable[Elsewhere], extra: Extra) -> Iterator[Page]:
        """The page of every recording that is shown beside a report's dataset."""
        all_versions = (*self.history(report), *(other.version for other in others))
        for other in others:
            version, told = other.version, {"other": other, "history": all_versions}
            self._offered[other.edition.label] = other.edition
            if other.report is None:
                yield render_files(version, report.prose, self.templates, other.error, **told)
                continue
            shared = self._extra(report, version, extra, **told)
            yield render_earlier(version, other.report, self.templates, self.project, shared)

    def _extra(self, report: Report, version: Version, extra: Extra, **told: Any) -> Extra:
        beside = self.instruments.beside(version.edition.manifest)
        shared = {"history": self.history(report), "version": version, "beside": beside, **told}
        return lambda earlier: {**extra(earlier), **shared}

    def tables(self) -> Iterator[Job]:
        """The tables of those datasets as CSV files."""
        for edition in self._offered.values():
            yield from csv_jobs(edition)

    def assets(self) -> Iterator[tuple[str, bytes | Path]]:
        """The sealed files of the datasets that the pages so far rest on."""
        for edition in self._offered.values():
            for name, data in downloads(self.store, edition).items():
                yield f"data/{edition.manifest.study}/{name}", data
