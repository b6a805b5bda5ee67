"""Everything that the pages about all reports are computed from: the registry, what was cited, what is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..cited import Cited, load_cited
from ..series import Series, load_series
from .arithmetic_checks import Slip, slips
from .contradictions import Contradiction, contradictions
from .findings import Published, statements
from .outcomes import Replication, replications
from .statement import Statement, from_figure


@dataclass(frozen=True)
class AllReports:
    """Everything that the pages about all reports are computed from."""

    series: Series
    cited: Cited
    published: Mapping[str, Published]

    @classmethod
    def load(cls, folder: Path, registry: Path, published: Iterable[Published]) -> AllReports:
        """The series declared in ``registry``, the cited figures in ``folder`` and the reports ``published``.

        Raises ``UsageError``.
        """
        cited = load_cited(folder)
        series = load_series(cited, registry)
        by_report = {report.report: report for report in published}
        for report in by_report:
            series.entry(report)
        return cls(series, cited, by_report)

    def stated(self) -> tuple[object, ...]:
        """Everything that the pages about all reports show."""
        return (self.published,)

    def stated_of(self, report: str) -> tuple[object, ...]:
        """Everything that the page of one report shows of the others and of what was published earlier."""
        figures = {figure.id for figure in self.cited.of(report)}
        lines = [line for line in self.replications if line.figure.id in figures]
        status = {name: one.status for name, one in self.published.items()}
        return lines, status

    def status(self, report: str | None) -> str:
        """``planned``, or what the published report says; a dash for no report."""
        if report is None:
            return "—"
        return self.published[report].status if report in self.published else "planned"

    @cached_property
    def findings(self) -> tuple[Statement, ...]:
        """The findings of all published reports, as statements."""
        return tuple(self._findings())

    def _findings(self) -> Iterator[Statement]:
        for report in self.published.values():
            yield from statements(report, self.series.entry(report.report).conditions.stated(), self.cited)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Every two statements, cited or measured, that differ."""
        return contradictions([*(from_figure(figure, self.cited) for figure in self.cited), *self.findings])

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """Every figure that does not follow from its own operands."""
        return slips(self.cited)

    @cached_property
    def replications(self) -> tuple[Replication, ...]:
        """What became of every cited figure."""
        fixed = {entry.id: entry.conditions.stated() for entry in self.series}
        return replications(self.cited, self.findings, self.published, fixed)

    @cached_property
    def disputed(self) -> frozenset[str]:
        """The ids of the figures that something contradicts."""
        pairs = (statement.id for pair in self.contradictions for statement in (pair.one, pair.other))
        return frozenset((*pairs, *(slip.figure.id for slip in self.slips)))
