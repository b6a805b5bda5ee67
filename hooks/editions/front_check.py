"""Holds the front matter of a report to its datasets: nothing superseded is published in the place of what replaces it,
no date is before its data."""

from __future__ import annotations

from ..project import Project
from .edition import Edition, open_edition, versions
from .prose import Prose
from .shown_dataset import ShownDataset


def demand_front(project: Project, prose: Prose, datasets: tuple[ShownDataset, ...]) -> None:
    """Raises ``UsageError`` with the place of the field that the datasets contradict."""
    if not project.committed:
        return
    sealed: list[Edition] = []
    published = {shown.edition.label for shown in datasets}
    for shown in datasets:
        current = shown.edition
        study = current.manifest.study
        of_study = [open_edition(project, study, name) for name in versions(project.data, study)]
        by = next((one for one in of_study if one.manifest.supersedes == current.manifest.version), None)
        if by is not None and by.label not in published and prose.front.status != "superseded":
            what = f"{current.label} is superseded by {by.label} ({by.manifest.supersedes_reason})"
            field = f"datasets.{shown.name}" if shown.name else "dataset"
            raise prose.wrong(field, f"{what}; publish that, or say status: superseded")
        sealed.extend(of_study)
    newest = max(shown.edition.date for shown in datasets)
    first = min(one.date for one in sealed)
    for field in ("changelog", "errata"):
        for change in getattr(prose.front, field):
            data, date = ("its data", newest) if change.edition == prose.front.edition else ("any data", first)
            if change.date < date:
                raise prose.wrong(field, f"{change.date} is before {data} were recorded, {date}; correct the date")
