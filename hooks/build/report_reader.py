"""Reads what an author wrote of a report, finds its datasets, and computes its content."""

from __future__ import annotations

from pathlib import Path

from harness.errors import UsageError
from harness.studies import STUDIES, study_of

from ..caching.code_digest import existing
from ..caching.store import Store
from ..content.blocks import content_of
from ..editions.comparison import OtherRecording
from ..editions.edition import Edition, prove
from ..editions.front_check import demand_front
from ..editions.history import other_recordings
from ..editions.prose import Prose, read_prose
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset, published_datasets
from ..project import Project
from ..reports import module_name
from .prefetch import content_job
from .prose_check import demand_words
from .prose_markup import demand_markup
from .prose_words import demand_literals, demand_tested_words


def demand_module(prose: Prose) -> None:
    """Raises ``UsageError`` with file and line where nobody wrote what computes the report."""
    module = module_name(prose.report)
    if (prose.report in STUDIES or prose.front.datasets) and not existing([module]):
        what = f"{module.replace('.', '/')}.py is not there; write it with compute(draft)"
        raise prose.wrong("datasets" if prose.front.datasets else "dataset", what)


class ReportReader:
    """The reports of one project; what is computed of them is kept in ``store``."""

    def __init__(self, project: Project, store: Store) -> None:
        self.project = project
        self.store = store

    def prose(self, path: Path) -> Prose:
        """The prose of a report. Raises ``UsageError``, ``UnboundNumber``."""
        prose = read_prose(path)
        demand_tested_words(prose, self.project.root)
        demand_literals(prose, self.project.root)
        demand_markup(prose, self.project.root)
        demand_words(prose, self.project.root, (file.stem.upper() for file in self.project.prose_files()))
        return prose

    def published(self, prose: Prose) -> Report | None:
        """The report as it is published; ``None`` where its datasets are not recorded yet. Raises ``BinderyError``."""
        datasets = published_datasets(self.project, prose)
        if not datasets:
            return None
        demand_front(self.project, prose, datasets)
        return self.report(prose, datasets)

    def report(self, prose: Prose, datasets: tuple[ShownDataset, ...]) -> Report:
        """The report of these datasets. Raises ``UsageError`` with file and line, ``DatasetCorrupt``."""
        demand_module(prose)
        for dataset in datasets:
            prove(dataset.edition, self.store)
        job = content_job(self.project, prose.report, datasets)
        study = None if prose.front.datasets else study_of(datasets[0].edition.manifest)
        return Report(study, prose, datasets, content_of(job.data(self.store)), job.key)

    def edition(self, prose: Prose, edition: Edition) -> Report:
        """The report of another version of its dataset. Raises ``UsageError`` where today's code cannot compute it."""
        return self.report(prose, (ShownDataset(edition),))

    def other_recordings(self, report: Report) -> tuple[OtherRecording, ...]:
        """The recordings that the front matter names with the published one. Raises ``UsageError``."""
        if report.study is None:
            return ()
        others = other_recordings(self.project, report.prose, report.edition)
        return tuple(self._other(report, other) for other in others)

    def _other(self, report: Report, other: Edition) -> OtherRecording:
        """Another recording; it says so where today's code cannot compute the report from it."""
        try:
            computed = self.report(report.prose, (ShownDataset(other, other_recording=True),))
        except UsageError as error:
            return OtherRecording(other, report, None, str(error))
        return OtherRecording(other, report, computed)
