"""The pages made of the results of all reports: compared, recommended, and followed over sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..editions.edition import prove
from ..editions.report import Report
from ..editions.shown_dataset import ShownDataset
from ..pages.results import advisor, compare, history
from ..pages.results.advice import advice
from ..pages.results.published_values import sources
from ..pages.results.sessions import followed
from ..rendering.page import Page
from ..replication.corpus import AllReports
from .dataset_pages import DatasetPages
from .page_store import PageStore

Rendering = tuple[str, str, Callable[[], tuple[Page, ...]]]
"""The path of a page, its title, and what makes it."""


class ResultPages:
    """Fills these pages once those of the reports are made."""

    def __init__(self, datasets: DatasetPages, pages: PageStore) -> None:
        self._datasets = datasets
        self._pages = pages

    def of(
        self,
        reports: Sequence[Report],
        shown: Sequence[ShownDataset],
        everything: AllReports,
        made: Mapping[str, Page],
    ) -> Iterator[Rendering]:
        """Each page, with what renders it; reports show the datasets ``shown``, ``made`` are their pages by path."""
        found, templates = sources(reports, made), self._datasets.templates
        given = advice(found)
        about = [(one.report.id, one.report.key, one.report.digest, sorted(one.stated)) for one in found]
        yield (
            compare.PATH,
            "Compare",
            lambda: self._pages.pages(
                ("compare", about), lambda: compare.render_compare(found, given, everything, templates)
            ),
        )
        yield (
            advisor.PATH,
            "Advisor",
            lambda: self._pages.pages(
                ("advisor", about), lambda: advisor.render_advisor(found, given, everything, templates)
            ),
        )
        yield history.PATH, "History", lambda: self._history(shown, everything)

    def _history(self, shown: Sequence[ShownDataset], everything: AllReports) -> tuple[Page, ...]:
        project, store, templates = self._datasets.project, self._datasets.store, self._datasets.templates
        found = tuple(one for one in followed(project, shown) if one.sessions)  # others code of today cannot read
        for session in (session for one in found for session in one.sessions):
            prove(session.edition, store)
            self._datasets.offer(session.edition)
        made: list[Page] = []
        studies: list[history.StudyHistory] = []
        for one in found:
            studies.append(history.history_of(one, store))
            if studies[-1].several:
                made += self._pages.pages(
                    ("history", one.study, one.job.key),
                    lambda study=studies[-1]: history.render_study(study, everything, templates),  # type: ignore[misc]
                )
        overview = self._pages.pages(
            ("history", [one.job.key for one in found]),
            lambda: [history.render_history(studies, everything, templates)],
        )
        return (*overview, *made)
