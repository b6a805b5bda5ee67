"""The recording sessions of a study: its recordings, and its versions that have tables of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.datasets.catalog import sealed
from harness.datasets.manifest import Manifest
from harness.datasets.stored_design import planned_cells
from harness.design import level_key

from ...caching.code_digest import code
from ...caching.job import Job
from ...caching.store import key_of, libraries
from ...editions.citation import hardware
from ...editions.edition import Edition, open_edition
from ...editions.shown_dataset import ShownDataset
from ...project import Project
from ...values.questions import Filters
from .configuration import configuration

COMPUTING = "hooks.pages.results.study_history"


@dataclass(frozen=True, slots=True)
class Session:
    """One session. ``published`` tells that a report shows this very dataset, so that ids leave its name out; ``host``
    names its machine by a letter, the same for all sessions of it."""

    edition: Edition
    published: bool
    host: str

    @property
    def name(self) -> str:
        """``r0001``, or ``v1`` for a version with tables of its own."""
        return self.edition.folder.name

    @property
    def hardware(self) -> str:
        """What it ran on, in words."""
        return hardware(self.edition.manifest.environment)


@dataclass(frozen=True, slots=True)
class Followed:
    """A study over its sessions, oldest first, at one of its cells (``where``)."""

    study: str
    sessions: tuple[Session, ...]
    where: Filters

    @property
    def job(self) -> Job:
        """What is computed of it."""
        several = len({session.host for session in self.sessions}) > 1
        asked = tuple(
            (one.edition.folder, not one.published, _label(one, several=several), one.host) for one in self.sessions
        )
        told = [[one.edition.digest, *given[1:]] for one, given in zip(self.sessions, asked, strict=True)]
        key = key_of(told, self.where, code(COMPUTING), libraries())
        return Job("history", key, f"{COMPUTING}:compute_history", (self.study, asked, self.where))


def followed(project: Project, shown: Sequence[ShownDataset]) -> Iterator[Followed]:
    """Every study of which a dataset is ``shown``, up to its newest version that is. Raises ``DatasetCorrupt``."""
    by_study: dict[str, list[ShownDataset]] = {}
    for one in shown:
        by_study.setdefault(one.edition.manifest.study, []).append(one)
    for study, datasets in by_study.items():
        found = _sessions(project, study, [one.edition.manifest for one in datasets])
        labels = {one.edition.label for one in datasets if not one.other_recording}
        where = reference(found[-1].manifest) if found else ()
        kept = [one for one in found if configuration(one.manifest, where)]
        hosts = _named(kept)
        sessions = (Session(one, one.label in labels, hosts[_host(one.manifest)]) for one in kept)
        yield Followed(study, tuple(sessions), where)


def _sessions(project: Project, study: str, published: Sequence[Manifest]) -> list[Edition]:
    """The sessions of the profiles that are published, oldest first, up to the newest version that is."""
    profiles, newest = {one.profile for one in published}, max(one.version for one in published)
    own = [ref for ref in sealed(project.data, study) if ref.sessions == (ref.name,) and ref.version <= newest]
    editions = [open_edition(project, study, ref.name) for ref in own if ref.profile in profiles]
    return sorted(editions, key=lambda one: (one.manifest.created, one.label))


def reference(manifest: Manifest) -> Filters:
    """The first cell that the study's first declared comparison sets another one against; without one, the first."""
    cells = [cell.levels for cell in planned_cells(manifest)]
    design: Any = manifest.design
    for primary in design.get("primaries", ())[:1]:
        wanted: Mapping[str, Any] = {**primary["where"], primary["factor"]: primary["reference"]}
        at = [
            cell for cell in cells if all(level_key(cell[name]) == level_key(level) for name, level in wanted.items())
        ]
        cells = at or cells
    return tuple((name, (level,)) for name, level in sorted(cells[0].items()))


def _named(found: Sequence[Edition]) -> dict[str, str]:
    hosts = dict.fromkeys(_host(edition.manifest) for edition in found)
    return {host: f"host {chr(ord('A') + number)}" for number, host in enumerate(hosts)}


def _host(manifest: Manifest) -> str:
    return str(manifest.environment.get("host_id") or "unknown")


def _label(session: Session, *, several: bool) -> str:
    """A session as charts name it."""
    return ", ".join((session.name, session.edition.date, *([session.host] if several else [])))
