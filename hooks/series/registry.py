"""Loads the registry and checks it as a whole: every reference leads somewhere, every report is there once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UnknownName, UsageError

from ..cited import Cited
from ..text.strict_yaml import read_declaration
from .markup import Quote, Report
from .schema import Entry, Together, parts_of

TOGETHER = "series.yml"
"""What is said about all reports together; every other file of the folder declares one report."""


@dataclass(frozen=True, slots=True)
class Series:
    """All reports by id, in the order of the series, and what is said about them together."""

    entries: Mapping[str, Entry]
    together: Together

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def entry(self, report: str) -> Entry:
        """One report. Raises ``UnknownName``."""
        if report not in self.entries:
            raise UnknownName("report", report, self.entries)
        return self.entries[report]

    @property
    def identifiers(self) -> frozenset[str]:
        """Names with digits that may stand anywhere: labels of the reports, now and earlier."""
        labels = {entry.label for entry in self} | {entry.label.partition(" ")[0] for entry in self}
        return frozenset(labels | {entry.earlier.name for entry in self})

    def cites(self) -> frozenset[str]:
        """The ids of all figures that the texts show."""
        parts = parts_of((*self.together.lines(), *(line for entry in self for line in entry.lines())))
        return frozenset(part.figure for part in parts if isinstance(part, Quote))


def load_series(cited: Cited, folder: Path) -> Series:
    """The registry in ``folder``. Raises ``UsageError`` that names the file, the field or the dangling reference."""
    series = _load(folder)
    for figure in sorted(series.cites()):
        cited.figure(figure)
    return series


def _load(folder: Path) -> Series:
    entries = [read_declaration(path, Entry) for path in sorted(folder.glob("*.yml")) if path.name != TOGETHER]
    ordered = {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.order)}
    if len(ordered) != len(entries) or len({entry.order for entry in entries}) != len(entries):
        raise UsageError("two entries of the series share an id or an order; renumber one")
    series = Series(ordered, read_declaration(folder / TOGETHER, Together))
    _check_references(series)
    return series


def _check_references(series: Series) -> None:
    together = series.together
    parts = parts_of((*together.lines(), *(line for entry in series for line in entry.lines())))
    named = [part.report for part in parts if isinstance(part, Report)]
    named += [end for edge in together.relations for end in (edge.source, edge.target)]
    named += [step.report for step in together.progression]
    for report in named:
        series.entry(report)
