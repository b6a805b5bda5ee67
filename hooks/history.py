"""The editions of a report: its dataset's versions, which one replaced which, and why.

A version that is shown beside the published one was recorded elsewhere: it replaced nothing and nothing replaced it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .editions import Edition, open_edition, versions
from .project import Project

FOLDER = "editions"


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was or is published. ``by`` is the one that came after it (null: this is the current one);
    ``reason`` is why that one replaced it, empty where it does not say. ``beside`` marks one that is shown beside the
    current one."""

    edition: Edition
    by: Edition | None
    reason: str
    beside: bool = False

    @property
    def current(self) -> bool:
        return self.by is None and not self.beside

    @property
    def page(self) -> str:
        """The page's own path without its ending, such as ``editions/tr108-v1``."""
        return f"{FOLDER}/{self.edition.label.replace('/', '-')}"


def history(project: Project, current: Edition, beside: Collection[str] = ()) -> tuple[Version, ...]:
    """All versions of a study up to ``current``, oldest first, without those shown ``beside`` it.

    Later ones are not published.
    """
    study, pinned = current.manifest.study, current.manifest.version
    names = [name for name in versions(project.data, study) if int(name[1:]) < pinned and name not in beside]
    editions = [*(open_edition(project, study, name) for name in names), current]
    return tuple(_version(edition, editions[place + 1 :]) for place, edition in enumerate(editions))


def _version(edition: Edition, later: Sequence[Edition]) -> Version:
    """The successor is the version that says so, or else the next one."""
    declared = [one for one in later if one.manifest.supersedes == edition.manifest.version]
    by = next(iter(declared), next(iter(later), None))
    return Version(edition, by, (by.manifest.supersedes_reason or "") if by and by in declared else "")
