"""The claims of every report that shows more than one recording: in which of them each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..claims.claim import AnyClaim
from ..claims.evaluate import State
from .comparison import Elsewhere


@dataclass(frozen=True, slots=True)
class Line:
    """A claim of a report with its state in every recording; a null state cannot be computed there."""

    report: str
    claim: AnyClaim
    states: tuple[str | None, ...]

    @property
    def holds(self) -> bool:
        """Whether it holds in all of them."""
        return set(self.states) == {str(State.HOLDS)}


@dataclass(frozen=True, slots=True)
class Across:
    """The claims of one report in all of its recordings that can be computed, the published one first."""

    report: str
    datasets: tuple[str, ...]
    lines: tuple[Line, ...]


def across(others: Iterable[Elsewhere]) -> tuple[Across, ...]:
    """Every report that shows more than one recording."""
    by_report: dict[str, list[Elsewhere]] = {}
    for other in others:
        if other.report is not None:
            by_report.setdefault(other.published.id, []).append(other)
    return tuple(_across(report, beside) for report, beside in by_report.items())


def _across(report: str, beside: Sequence[Elsewhere]) -> Across:
    published = beside[0].published
    lines = tuple(
        Line(
            report, pairs[0].here, (str(pairs[0].here.state), *(pair.there and str(pair.there.state) for pair in pairs))
        )
        for pairs in zip(*(other.claims for other in beside), strict=True)
    )
    return Across(report, (published.edition.label, *(other.edition.label for other in beside)), lines)
