"""The claims of every report that shows more than one recording: in which of them each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..claims.claim import AnyClaim
from .comparison import OtherRecording


@dataclass(frozen=True, slots=True)
class ClaimStates:
    """A claim of a report and what every recording says of its sentence; null where it cannot be computed."""

    report: str
    claim: AnyClaim
    states: tuple[str | None, ...]

    @property
    def same(self) -> bool:
        """Whether all of them say the same of it."""
        return len(set(self.states)) == 1


@dataclass(frozen=True, slots=True)
class ClaimMatrix:
    """The claims of one report in all of its recordings that can be computed, the published one first."""

    report: str
    datasets: tuple[str, ...]
    claims: tuple[ClaimStates, ...]


def claim_matrices(others: Iterable[OtherRecording]) -> tuple[ClaimMatrix, ...]:
    """Every report that shows more than one recording."""
    by_report: dict[str, list[OtherRecording]] = {}
    for other in others:
        if other.report is not None:
            by_report.setdefault(other.published.id, []).append(other)
    return tuple(_matrix(report, recordings) for report, recordings in by_report.items())


def _matrix(report: str, others: Sequence[OtherRecording]) -> ClaimMatrix:
    published = others[0].published
    claims = tuple(
        ClaimStates(
            report,
            pairs[0].published,
            (str(pairs[0].published.verdict), *(pair.said for pair in pairs)),
        )
        for pairs in zip(*(other.claims for other in others), strict=True)
    )
    return ClaimMatrix(report, (published.edition.label, *(other.edition.label for other in others)), claims)
