"""What a rule says about a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from .words import in_words


class Severity(IntEnum):
    """How much a broken rule matters; the number is the exit status of an audit whose worst break it is."""

    INFO = 0
    WARNING = 10
    ERROR = 20


class Verdict(StrEnum):
    """``UNKNOWN``: the dataset does not hold what the rule needs."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One rule's finding. ``evidence`` has the numbers; it is plain text and may quote what an engine said."""

    rule: str
    verdict: Verdict
    severity: Severity
    evidence: str

    @property
    def words(self) -> str:
        """What the rule asks, in words; where it is broken, the reason that it gives for doubt."""
        return in_words(self.rule, broken=self.verdict is Verdict.BROKEN)


def judged(rule: str, broken: bool, severity: Severity, evidence: str) -> Row:
    """A row that is broken with ``severity``, or holds."""
    return Row(rule, Verdict.BROKEN if broken else Verdict.HOLDS, severity if broken else Severity.INFO, evidence)


def unknown(rule: str, evidence: str) -> Row:
    """A row about what cannot be judged."""
    return Row(rule, Verdict.UNKNOWN, Severity.INFO, evidence)


def worst(rows: tuple[Row, ...]) -> Severity:
    """The severity of the worst broken rule."""
    return max((row.severity for row in rows), default=Severity.INFO)
