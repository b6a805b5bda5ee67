"""The editions of a report: its dataset's versions, which one replaced which, and why.

Another recording that the report shows is no edition: it replaced nothing and nothing replaced it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..project import Project
from .edition import Edition, open_edition, versions
from .prose import Prose

FOLDER = "editions"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a dataset. ``by`` is the one that replaced it (null: none did); ``reason`` is why, empty where
    that one does not say. ``other_recording`` marks one that a report shows with the version that it publishes."""

    edition: Edition
    by: Edition | None
    reason: str
    other_recording: bool = False

    @property
    def current(self) -> bool:
        return self.by is None and not self.other_recording

    @property
    def page(self) -> str:
        """The page's own path without its ending, such as ``editions/tr108-v1``."""
        return f"{FOLDER}/{self.edition.label.replace('/', '-')}"


def history(project: Project, current: Edition, others: Collection[str] = ()) -> tuple[Version, ...]:
    """All versions of a study up to ``current``, oldest first, without the ``others`` that the report shows with it.

    Later ones are not published.
    """
    study, pinned = current.manifest.study, current.manifest.version
    names = [name for name in versions(project.data, study) if int(name[1:]) < pinned and name not in others]
    editions = [*(open_edition(project, study, name) for name in names), current]
    return tuple(_version(edition, editions[place + 1 :]) for place, edition in enumerate(editions))


def standing(project: Project, edition: Edition) -> Version:
    """A dataset of a report over several: superseded where another version of its study says so."""
    study = edition.manifest.study
    others = (open_edition(project, study, name) for name in versions(project.data, study))
    by = next((other for other in others if other.manifest.supersedes == edition.manifest.version), None)
    return Version(edition, by, (by and by.manifest.supersedes_reason) or "")


def other_recordings(project: Project, prose: Prose, current: Edition) -> tuple[Edition, ...]:
    """The recordings that the front matter names with ``current``; none in a data root that is not the project's.

    Raises ``UsageError`` naming file and line.
    """
    if not project.committed:
        return ()
    known = versions(project.data, prose.report)
    for name in prose.front.recordings:
        if name not in known:
            raise prose.wrong(
                "recordings", f"there is no version {name!r} of {prose.report}; it has: {', '.join(known)}"
            )
        if name == current.folder.name or prose.front.recordings.count(name) > 1:
            raise prose.wrong("recordings", f"{name} is shown already; name another recording, or none")
    others = tuple(open_edition(project, prose.report, name) for name in prose.front.recordings)
    _refuse_replaced(project, prose, current, others)
    return others


def _refuse_replaced(project: Project, prose: Prose, current: Edition, others: Collection[Edition]) -> None:
    """A version that an edition of the report says it replaced is an earlier edition."""
    replaced = {
        one.manifest.supersedes: one.label
        for name in versions(project.data, prose.report)
        if name not in prose.front.recordings
        and (one := open_edition(project, prose.report, name)).manifest.version <= current.manifest.version
    }
    for other in others:
        if by := replaced.get(other.manifest.version):
            what = f"{other.label} is an earlier edition, for {by} says that it supersedes it"
            raise prose.wrong("recordings", f"{what}; take it out")
        if other.manifest.supersedes is not None and other.manifest.supersedes == current.manifest.version:
            what = f"{other.label} says that it supersedes {current.label}"
            raise prose.wrong("recordings", f"{what}; publish it instead, or seal it without a reason")


def _version(edition: Edition, later: Sequence[Edition]) -> Version:
    """The successor is the version that says so, or else the next one."""
    declared = [one for one in later if one.manifest.supersedes == edition.manifest.version]
    by = next(iter(declared), next(iter(later), None))
    return Version(edition, by, (by.manifest.supersedes_reason or "") if by and by in declared else "")
