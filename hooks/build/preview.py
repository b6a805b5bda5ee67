"""What publishing another version of a dataset would change on a report's page, before anything is published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from harness.errors import UnknownName, UsageError

from ..analysis.recording_conditions import NAME as CONDITIONS
from ..caching.store import Store
from ..claims.claim import AnyClaim
from ..claims.review import Change, changes, review_of
from ..content.blocks import Cell, Content, Figure, Lit, Table, content_of
from ..editions.edition import open_edition, versions
from ..editions.prose import Prose, read_prose
from ..editions.report import dataset_label
from ..editions.shown_dataset import ShownDataset, named_datasets
from ..project import Project
from ..values.value import Value
from .prefetch import content_job
from .report_reader import demand_module

_NAME = re.compile(r"\bv(?:\.(\w+)|\[\s*[\"']([^\"']+)[\"'])")


@dataclass(frozen=True, slots=True)
class Shift:
    """A number as it is shown now and as it would be shown; null where it is not."""

    name: str
    now: str | None
    then: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of prose that cites numbers which would change."""

    line: int
    text: str
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything on the page of a report that another dataset version would change.

    ``other_recording`` tells that the page shows that version already, with the one that it publishes.
    """

    report: str
    now: str
    then: str
    sentences: tuple[Sentence, ...]
    claims: tuple[Change, ...]
    tables: Mapping[str, tuple[Shift, ...]]
    figures: Mapping[str, tuple[Shift, ...]]
    facts: Mapping[str, tuple[object, object]]
    other_recording: bool = False

    @property
    def empty(self) -> bool:
        """Whether the page would stay as it is."""
        return not (self.sentences or self.claims or self.tables or self.figures or self.facts)


def preview(project: Project, report: str, version: str) -> Preview:
    """What changes on the page of ``report`` when it publishes ``version`` instead of the version that it names.

    In a report over several datasets, ``NAME=VERSION`` says of which. Raises ``UsageError`` where the report names no
    dataset, ``UnknownName`` for a version that is not there.
    """
    prose = read_prose(project.docs / "reports" / f"{report}.md")
    published = datasets_of(project, prose)
    changed = with_version(project, published, version)
    now, then = (content(project, report, datasets) for datasets in (published, changed))
    return Preview(
        report=report,
        now=dataset_label(published),
        then=dataset_label(changed),
        sentences=tuple(_sentences(prose, now.findings, then.findings)),
        claims=tuple(_claims(now.claims, then.claims)),
        tables=_moved(_without_conditions(now.tables), _without_conditions(then.tables)),
        figures=_moved(_data(now.figures), _data(then.figures)),
        facts=_facts(now.facts.named(), then.facts.named()),
        other_recording=version in prose.front.recordings,
    )


def datasets_of(project: Project, prose: Prose) -> tuple[ShownDataset, ...]:
    """The datasets that a report names. Raises ``UsageError`` where it names none yet, or nobody computes it."""
    demand_module(prose)
    found = named_datasets(project, prose)
    if not found:
        raise UsageError(f"{prose.report} publishes no dataset yet; name one in its front matter, such as: dataset: v1")
    return found


def with_version(project: Project, datasets: tuple[ShownDataset, ...], wanted: str) -> tuple[ShownDataset, ...]:
    """``datasets`` with one of them in another version."""
    name, _, version = wanted.rpartition("=")
    if name not in {dataset.name for dataset in datasets}:
        known = [f"{dataset.name}={dataset.edition.folder.name}" for dataset in datasets if dataset.name]
        raise UnknownName("dataset of the report", name or wanted, known or ["(it has one: give a version alone)"])
    return tuple(_in_version(project, one, version) if one.name == name else one for one in datasets)


def _in_version(project: Project, dataset: ShownDataset, version: str) -> ShownDataset:
    study = dataset.edition.manifest.study
    known = versions(project.data, study)
    if version not in known:
        raise UnknownName("dataset version", version, known)
    return replace(dataset, edition=open_edition(project, study, version))


def _without_conditions(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Without the circumstances of a recording, which a page shows only to compare it with another one."""
    return {name: table for name, table in tables.items() if not name.startswith(CONDITIONS)}


def content(project: Project, report: str, datasets: tuple[ShownDataset, ...]) -> Content:
    """What a report computes of these datasets."""
    return content_of(content_job(project, report, datasets).data(Store(project.cache)))


def _sentences(prose: Prose, now: Mapping[str, Value], then: Mapping[str, Value]) -> Iterator[Sentence]:
    for number, line in enumerate(prose.path.read_text(encoding="utf-8").splitlines(), 1):
        names = dict.fromkeys(dotted or quoted for dotted, quoted in _NAME.findall(line))
        shifts = tuple(filter(None, (_shift(name, now.get(name), then.get(name)) for name in names)))
        if shifts:
            yield Sentence(number, line.strip(), shifts)


def _shift(name: str, now: Value | None, then: Value | None) -> Shift | None:
    one, other = (None if value is None else shown(value) for value in (now, then))
    return None if one == other else Shift(name, one, other)


def shown(value: Value) -> str:
    """A value with its interval, as a reader sees it."""
    return f"{value.text} ({value.low}–{value.high})" if value.interval else value.text


def _data(figures: Mapping[str, Figure]) -> dict[str, Table]:
    return {name: figure.table for name, figure in figures.items()}


def _facts(now: Mapping[str, object], then: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What templates branch on: a page may gain or lose whole sections."""
    names = dict.fromkeys([*now, *then])
    return {name: (now.get(name), then.get(name)) for name in names if now.get(name) != then.get(name)}


def _claims(now: Mapping[str, AnyClaim], then: Mapping[str, AnyClaim]) -> tuple[Change, ...]:
    return changes(review_of(then.values(), "", ""), review_of(now.values(), "", ""))


def _moved(now: Mapping[str, Table], then: Mapping[str, Table]) -> dict[str, tuple[Shift, ...]]:
    """The cells that change, by table; a table on one side only has all of its cells changed."""
    found: dict[str, tuple[Shift, ...]] = {}
    for name in dict.fromkeys([*now, *then]):
        one, other = (_cells(tables[name]) if name in tables else {} for tables in (now, then))
        keys = dict.fromkeys([*one, *other])
        shifts = [Shift(key, one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)]
        if shifts:
            found[name] = tuple(shifts)
    return found


def _cells(table: Table) -> dict[str, str]:
    """What a table shows, by row and column: a row is known by its words, or by its first cell."""
    found: dict[str, str] = {}
    for row in table.rows:
        numbers = [place for place, cell in enumerate(row) if isinstance(cell, Value)]
        words = [_text(cell) for cell in row if not isinstance(cell, Value)] if numbers else [_text(row[0])]
        for place in numbers or range(1, len(row)):
            found[f"{', '.join(words)}: {table.columns[place].header}"] = _text(row[place])
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, Value):
        return shown(cell)
    return cell.text if isinstance(cell, Lit) else cell
