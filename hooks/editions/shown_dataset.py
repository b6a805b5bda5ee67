"""The datasets that a report shows, by the names that its front matter gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from harness.studies import STUDIES

from ..project import Project
from .citation import hardware
from .edition import Edition, open_edition, versions
from .prose import Prose


@dataclass(frozen=True, slots=True)
class ShownDataset:
    """A dataset on a page.

    ``other_recording`` tells that the page shows another dataset of its study before it, so that the ids of its values
    name the version. ``name`` is what the front matter of a report over several datasets calls it; empty where the
    report has one.
    """

    edition: Edition
    other_recording: bool = False
    name: str = ""

    @property
    def suffix(self) -> str:
        """What the names of its standard tables end in."""
        return f"-{self.name}" if self.name else ""

    @property
    def hardware(self) -> str:
        """Its machine in a few words."""
        return hardware(self.edition.manifest.environment)


def published_datasets(project: Project, prose: Prose) -> tuple[ShownDataset, ...]:
    """The datasets that a report publishes from this data root; none where they are not recorded yet.

    From the project's own data root they are those that the front matter names. From another root it is the newest
    version of the report's study; a report over several datasets is shown where the root has all of them. Raises
    ``UsageError`` naming file and line, ``DatasetCorrupt``.
    """
    if project.committed:
        return named_datasets(project, prose)
    if not prose.front.datasets:
        return _one(project, prose, next(reversed(versions(project.data, prose.report)), None))
    labels = (label.partition("/") for label in prose.front.datasets.values())
    sealed = all(version in versions(project.data, study) for study, _, version in labels)
    return named_datasets(project, prose) if sealed else ()


def named_datasets(project: Project, prose: Prose) -> tuple[ShownDataset, ...]:
    """The datasets that the front matter names, in its order; none where it names none yet.

    Raises ``UsageError`` naming file and line, ``DatasetCorrupt``.
    """
    if not prose.front.datasets:
        return _one(project, prose, prose.front.dataset)
    for field in ("dataset", "recordings"):
        if field in prose.front.model_fields_set:
            raise prose.wrong(field, f"a report names all that it shows under datasets; take {field} out")
    found: list[ShownDataset] = []
    for name, label in prose.front.datasets.items():
        study, _, version = label.partition("/")
        edition = _edition(project, prose, f"datasets.{name}", study, version)
        if label in {other.edition.label for other in found}:
            raise prose.wrong(f"datasets.{name}", f"{label} has a name already; name another dataset, or none")
        other_recording = study in {other.edition.manifest.study for other in found}
        found.append(ShownDataset(edition, other_recording, name))
    return tuple(found)


def _one(project: Project, prose: Prose, version: str | None) -> tuple[ShownDataset, ...]:
    """This version of the report's own study."""
    if prose.report not in STUDIES and not versions(project.data, prose.report):
        what = f"no study {prose.report!r} is declared; declare it, or name datasets of other studies under datasets"
        raise prose.wrong("dataset", what)
    return (ShownDataset(_edition(project, prose, "dataset", prose.report, version)),) if version else ()


def _edition(project: Project, prose: Prose, field: str, study: str, version: str) -> Edition:
    known = versions(project.data, study)
    if study not in STUDIES and not known:
        raise prose.wrong(field, f"unknown study {study!r}; choose one of: {', '.join(STUDIES)}")
    if version not in known:
        has = f"it has: {', '.join(known)}" if known else f"none is sealed yet: harness run {study} --seal"
        raise prose.wrong(field, f"there is no version {version!r} of {study}; {has}")
    return open_edition(project, study, version)


def each_once(groups: Iterable[Sequence[ShownDataset]]) -> Iterator[ShownDataset]:
    """The datasets of all reports, those of reports of one dataset first. The first dataset of each study is the
    published one."""
    labels: set[str] = set()
    studies: set[str] = set()
    for dataset in chain.from_iterable(sorted(groups, key=lambda group: any(one.name for one in group))):
        edition = dataset.edition
        if edition.label not in labels:
            labels.add(edition.label)
            yield ShownDataset(edition, edition.manifest.study in studies)
            studies.add(edition.manifest.study)
