"""Holds the front matter of a report to its datasets: nothing superseded is published, no date is before its data."""

from __future__ import annotations

from ..project import Project
from .edition import Edition, open_edition, versions
from .prose import Prose


def demand_front(project: Project, prose: Prose, current: Edition) -> None:
    """Raises ``UsageError`` with the place of the field that the datasets contradict."""
    if not project.committed:
        return
    sealed = [open_edition(project, prose.report, name) for name in versions(project.data, prose.report)]
    by = next((one for one in sealed if one.manifest.supersedes == current.manifest.version), None)
    if by is not None and prose.front.status != "superseded":
        what = f"{current.label} is superseded by {by.label} ({by.manifest.supersedes_reason})"
        raise prose.wrong("dataset", f"{what}; publish that, or say status: superseded")
    first = min(one.date for one in sealed)
    for field in ("changelog", "errata"):
        for change in getattr(prose.front, field):
            data, date = ("its dataset", current.date) if change.edition == prose.front.edition else ("any data", first)
            if change.date < date:
                raise prose.wrong(field, f"{change.date} is before {data} was recorded, {date}; correct the date")
