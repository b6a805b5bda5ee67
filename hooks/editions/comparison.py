"""The recordings that a report shows with the published one: opened, computed and compared with it.

Front matter names them (``recordings: [v2]``). They were recorded on another machine or in other circumstances; they
replace nothing, and nothing replaced them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..analysis.recording_conditions import NAME, Words, relation
from ..content.blocks import Cell, Lit, Table
from ..values.value import Value, counted_value
from .agreement import Agreement, ClaimPair, Compared, FindingPair, claim_pairs, finding_pairs
from .citation import hardware
from .edition import Edition
from .history import Version
from .report import Report


@dataclass(frozen=True)
class OtherRecording:
    """A recording shown with the published one. ``report`` is null where today's code cannot compute it, and ``error``
    says why."""

    edition: Edition
    published: Report
    report: Report | None
    error: str = ""

    @property
    def version(self) -> Version:
        return Version(self.edition, None, "", other_recording=True)

    @property
    def name(self) -> str:
        """The version alone, such as ``v2``: part of ids."""
        return self.edition.folder.name

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies all that a page shows of it."""
        return self.edition.digest, self.report.key if self.report else "", self.error

    @property
    def relation(self) -> Words:
        """What its machine is to the published recording's."""
        return relation(self.published.edition.manifest.environment, self.edition.manifest.environment)

    @property
    def hardware(self) -> str:
        """Its machine in a few words."""
        return hardware(self.edition.manifest.environment)

    @cached_property
    def claims(self) -> tuple[ClaimPair, ...]:
        """Every claim of the report; none where this recording cannot be computed."""
        return claim_pairs(self.published.content, self.report.content, self.name) if self.report else ()

    @cached_property
    def findings(self) -> tuple[FindingPair, ...]:
        return finding_pairs(self.published.content.findings, self.report.content.findings) if self.report else ()

    @property
    def differing(self) -> tuple[ClaimPair, ...]:
        """The claims whose state is another one in this recording."""
        return tuple(pair for pair in self.claims if pair.agreement is Agreement.DIFFERENT)

    @property
    def lacking(self) -> tuple[ClaimPair, ...]:
        """The claims that cannot be computed from this recording."""
        return tuple(pair for pair in self.claims if pair.agreement is Agreement.PUBLISHED_ONLY)

    @property
    def flipped(self) -> tuple[FindingPair, ...]:
        """The findings that lie on the other side of no difference in this recording."""
        return tuple(pair for pair in self.findings if pair.compared is Compared.FLIPPED)

    def counts(self) -> dict[str, Value]:
        """How many claims and findings agree, as values that the page shows."""
        compared = [pair.compared for pair in self.findings]
        apart = {Compared.HIGHER, Compared.LOWER, Compared.FLIPPED}
        numbers = {
            "same": (sum(pair.agreement is Agreement.SAME for pair in self.claims), "claims of the same state in both"),
            "claims": (len(self.claims), "claims of the report"),
            "lacking": (len(self.lacking), "claims that cannot be computed from the other recording"),
            "overlap": (compared.count(Compared.OVERLAP), "findings whose intervals overlap"),
            "intervals": (
                sum(one is Compared.OVERLAP or one in apart for one in compared),
                "findings with an interval in both recordings",
            ),
        }
        return {key: counted_value(number, f"{self.name}-{key}", meaning) for key, (number, meaning) in numbers.items()}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of several recordings, in their order."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def same(self) -> bool:
        return len(set(map(_words, self.cells))) == 1


def conditions(tables: Iterable[Table]) -> tuple[Condition, ...]:
    """How recordings were made, compared, from the table of each."""
    lines = zip(*(table.rows for table in tables), strict=True)
    return tuple(Condition(str(line[0][0]), tuple(row[1] for row in line)) for line in lines)


def _words(cell: Cell) -> str:
    return cell.text if isinstance(cell, Value | Lit) else cell


def section(published: Report, others: Sequence[OtherRecording]) -> dict[str, Any]:
    """What the template of a report shows of its other recordings, and what enters the page's files."""
    if not others:
        return {}
    computed = (published, *(other.report for other in others if other.report))
    return {
        "other_recordings": others,
        "compared": [published.edition.label, *(other.edition.label for other in others if other.report)],
        "conditions": conditions(report.content.tables[NAME] for report in computed),
        "stated": {"recordings": stated(others)},
        "samples": lambda shown: samples(published.content.samples, others, shown),
    }


def stated(others: Iterable[OtherRecording]) -> list[dict[str, Any]]:
    """What ``values.json`` says of the recordings: pairs of claims by name, pairs of findings by the ids of values."""
    return [
        {
            "dataset": other.edition.label,
            "digest": other.edition.digest,
            "error": other.error,
            "claims": {pair.name: [pair.published.id, pair.other and pair.other.id] for pair in other.claims},
            "findings": {
                pair.name: [value and value.id for value in (pair.published, pair.other)] for pair in other.findings
            },
        }
        for other in others
    ]


def samples(published: str, others: Iterable[OtherRecording], shown: Collection[str]) -> str:
    """The runs behind the values of the page: all of the published recording's, and of the others' those ``shown``."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for other in others:
        if other.report:
            writer.writerows(_kept(other.report.content.samples, shown))
    return published + stream.getvalue()


def _kept(text: str, shown: Collection[str]) -> Iterator[list[str]]:
    return (row for row in csv.reader(io.StringIO(text)) if row and row[0] in shown)
