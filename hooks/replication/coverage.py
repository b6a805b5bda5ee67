"""How far each report has come: how many figures were published earlier for it, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .outcomes import Outcome, Replication

TESTED = (Outcome.REPLICATED, Outcome.NOT_REPLICATED, Outcome.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The figures of one report (or, with a null report, those attributed to none) by outcome."""

    report: str | None
    counts: Mapping[Outcome, int]

    @property
    def figures(self) -> int:
        return sum(self.counts.values())

    @property
    def claims(self) -> int:
        """Figures that claim something about the world."""
        return self.figures - self.counts.get(Outcome.NO_CLAIM, 0)

    @property
    def tested(self) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in TESTED)


def coverage(reports: Iterable[str], found: Iterable[Replication]) -> tuple[Coverage, ...]:
    """One line per report in the order given, then the figures attributed to none."""
    counts: dict[str | None, Counter[Outcome]] = {report: Counter() for report in reports}
    for replication in found:
        counts.setdefault(replication.figure.report, Counter())[replication.outcome] += 1
    return tuple(Coverage(report, counted) for report, counted in counts.items())


def total(lines: Iterable[Coverage]) -> Coverage:
    """All lines together."""
    counted: Counter[Outcome] = Counter()
    for line in lines:
        counted.update(line.counts)
    return Coverage(None, counted)
