"""What stands behind a value: its strength, its interval, the question it answers and the sample it came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Level = str | int | float | bool

PAIRED, DETECTABLE = "paired ratio", "detectable ratio"
"""What a contrast asks for: the ratio, or the smallest one that four of five such experiments would have found."""


class Strength(StrEnum):
    """How a number came to be, strongest first; a combination takes the weakest."""

    MEASURED = "measured"
    DERIVED = "derived"
    MODELLED = "modelled"
    EXTRAPOLATED = "extrapolated"
    CITED = "cited"


_ORDER = {strength: rank for rank, strength in enumerate(Strength)}


def weakest(*strengths: Strength) -> Strength:
    """The weakest of ``strengths``, and never stronger than *derived*: what a combination of them is."""
    return max((*strengths, Strength.DERIVED), key=_ORDER.__getitem__)


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval estimate in the unit of its value; ``level`` is 0.95 for 95 %."""

    low: float
    high: float
    level: float
    method: str

    def scaled(self, factor: float) -> Interval:
        """The same interval in another unit; ``factor`` is positive."""
        return Interval(self.low * factor, self.high * factor, self.level, self.method)

    def record(self) -> dict[str, object]:
        return {"low": self.low, "high": self.high, "level": self.level, "method": self.method}


@dataclass(frozen=True, slots=True)
class Selector:
    """The question that a value answers: enough to ask it again of the sealed files.

    ``dataset`` is a label such as ``tr108/v1`` and ``digest`` the SHA-256 of its manifest. ``where`` keeps runs whose
    column ``level.<name>`` is one of the levels given; a count keeps those that ended with ``outcome`` and ``code``
    (null: any); ``phase`` keeps requests (``cold/measured``: a run's number of cold requests over that of its
    measured ones). ``within`` turns the requests of a run into one number, ``across`` the runs into the estimate.
    ``metric`` is a metric id, ``count.runs``, ``count.requests`` or ``count.cells`` (how many there are),
    ``effective.<key>`` (what the engine reported), or ``label.<verdict>`` (runs whose records say so of the one label,
    as requested, that ``where`` names). A ``contrast`` (factor, level, reference) asks for the ratio of a
    level to the reference in pairs of runs that share everything else (``stats.comparison.factor_effect``).
    ``other_recording`` marks a question about another recording of the study than the first one on the page: the ids of
    its values name the version, so that both can stand on one page.
    """

    dataset: str
    digest: str
    metric: str
    metric_version: int
    where: tuple[tuple[str, tuple[Level, ...]], ...] = ()
    phase: str | None = None
    within: str | None = None
    across: str | None = None
    outcome: str | None = None
    code: str | None = None
    contrast: tuple[str, Level, Level] | None = None
    other_recording: bool = False

    @property
    def study(self) -> str:
        return self.dataset.partition("/")[0]

    def record(self) -> dict[str, object]:
        contrast = dict(zip(("factor", "level", "reference"), self.contrast, strict=True)) if self.contrast else None
        return {
            "dataset": self.dataset,
            "digest": self.digest,
            "metric": self.metric,
            "metric_version": self.metric_version,
            "where": {name: list(levels) for name, levels in self.where},
            "phase": self.phase,
            "within": self.within,
            "across": self.across,
            "outcome": self.outcome,
            "code": self.code,
            **({"contrast": contrast} if contrast else {}),
            **({"other_recording": True} if self.other_recording else {}),
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """What an estimate was computed from, never shown: one number per run, shape ``(runs,)``, null where missing.

    ``statistic`` turns them into the estimate: ``mean`` or ``median``.
    """

    cells: tuple[str, ...]
    runs: tuple[str, ...]
    numbers: tuple[float | None, ...]
    statistic: Literal["median", "mean"]
