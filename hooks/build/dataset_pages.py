"""The pages about datasets rather than about one report: instrument, hardware, labels, prompt caches, decode speeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from jinja2 import Environment

from ..caching.job import Job
from ..caching.store import Store
from ..editions.comparison import OtherRecording
from ..editions.downloads import csv_jobs, downloads
from ..editions.edition import Edition, open_edition
from ..editions.history import Version, history, standing
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset
from ..pages.dataset import render_dataset
from ..pages.hardware import datasets, render_machines
from ..pages.instrument import Instruments, render_instrument
from ..pages.label_audit import audited, render_label_audit
from ..pages.probes import ProbePage, newest, render_probes
from ..pages.results.decode_speed import render_decode_speed
from ..project import Project
from ..rendering.page import Page


class DatasetPages:
    """The calibrations and the versions of a data root, read once for all pages of a build."""

    def __init__(self, project: Project, store: Store, templates: Environment) -> None:
        self.project = project
        self.store = store
        self.templates = templates
        self._histories: dict[str, tuple[Version, ...]] = {}
        self._offered: dict[str, Edition] = {}

    @property
    def sources(self) -> tuple[Project, Environment]:
        """What pages are filled from."""
        return self.project, self.templates

    def offer(self, edition: Edition) -> None:
        """The site offers the files of this dataset."""
        self._offered[edition.label] = edition

    @cached_property
    def instruments(self) -> Instruments:
        """The calibrations."""
        found = Instruments.load(self.project, self.store)
        for calibration in found.all:
            self.offer(calibration.edition)
        return found

    def history(self, report: Report) -> tuple[Version, ...]:
        """The versions of a report's dataset up to the published one; of several datasets, each as it stands."""
        if report.id not in self._histories:
            self._histories[report.id] = self._history(report)
            for version in self._histories[report.id]:
                self.offer(version.edition)
        return self._histories[report.id]

    def _history(self, report: Report) -> tuple[Version, ...]:
        if report.study is None:
            return tuple(standing(self.project, edition) for edition in report.editions)
        return history(self.project, report.edition, report.prose.front.recordings)

    def without_edition(self, reports: Iterable[Report], pages: Mapping[str, Page]) -> Iterator[Page]:
        """The page of each dataset of a report over several, where no page of ``pages`` is its own."""
        over = [report for report in reports if report.study is None]
        for version in {one.edition.label: one for report in over for one in self.history(report)}.values():
            if f"{version.page}.md" not in pages:
                shown_by = [report for report in over if version.edition in report.editions]
                yield render_dataset(version, shown_by, self.templates)

    def instrument(self) -> Page:
        """How far the client's own times are from the truth."""
        return render_instrument(self.instruments, self.templates, self.store)

    def hardware(self, reports: Sequence[Report], others: Sequence[OtherRecording]) -> Page:
        """The machines that sealed datasets come from, and which claims hold on all of them."""
        over = {edition.label: report.id for report in reports if report.study is None for edition in report.editions}
        own = {report.id: report.id for report in reports if report.study is not None}
        return render_machines(datasets(self.project.data), {**over, **own}, others, self.templates)

    def labels(self, shown: Sequence[ShownDataset]) -> Page:
        """Whether the labels of the datasets that reports show are proven, and of the newest of other studies."""
        for ref, _ in audited(self.project.data, shown):
            self._offered.setdefault(ref.label, open_edition(self.project, ref.study, ref.name))
        return render_label_audit(self.project.data, shown, self.templates, self.store)

    def probes(self, about: ProbePage) -> Page:
        """The newest recordings of the studies of a page beside the reports."""
        found = [
            edition for study in about.studies if (edition := newest(self.project, study, with_gpu=about.with_gpu))
        ]
        for edition in found:
            self.offer(edition)
        return render_probes(about, found, self.templates, self.store)

    def decode_speed(self, datasets: Sequence[ShownDataset]) -> Page:
        """Decode rates of the datasets that reports show."""
        return render_decode_speed(datasets, self.templates, self.store)

    def tables(self) -> Iterator[tuple[str, Job]]:
        """What makes the tables of those datasets as CSV files, by their paths in the site."""
        for edition in self._offered.values():
            for name, job in csv_jobs(edition).items():
                yield f"data/{edition.manifest.study}/{name}", job

    def assets(self) -> Iterator[tuple[str, bytes | Path]]:
        """The sealed files of the datasets that the pages so far rest on."""
        for edition in self._offered.values():
            for name, data in downloads(self.store, edition).items():
                yield f"data/{edition.manifest.study}/{name}", data
