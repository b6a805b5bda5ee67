"""The question behind a value as ``values.json`` states it: one strict model for each kind.

``identity`` is the published recipe of what a value's id hashes of its question. Kinds that are older than the word
``kind`` keep the form that they had: all fields of one flat record, null where not asked.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Level = bool | int | float | str
Where = dict[str, list[Level]]
FLAT = ("phase", "within", "across", "outcome", "code")


class Strict(BaseModel):
    """An unknown or missing field is itself a mismatch."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class _OfDataset(Strict):
    dataset: str
    digest: str
    other_recording: bool

    def identity(self) -> dict[str, Any]:
        """What the id hashes; only a question about another recording names its version, with the mark ``beside``."""
        asked = {**dict.fromkeys(FLAT), "metric_version": 1, "where": {}, **self._asked()}
        dataset = self.dataset if self.other_recording else self.dataset.partition("/")[0]
        return {**asked, "dataset": dataset, **({"beside": True} if self.other_recording else {})}

    def _asked(self) -> dict[str, Any]:
        raise NotImplementedError


class _OfRuns(_OfDataset):
    where: Where


class _OfMetric(_OfRuns):
    metric: str
    version: int
    phase: str | None
    within: str | None

    def _asked(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "metric_version": self.version,
            "where": self.where,
            "phase": self.phase,
            "within": self.within,
        }


class StatedMetric(_OfMetric):
    """A metric of these runs; ``divided_by`` names the phase whose number of the same run divides it.

    ``prompt`` names the only one whose requests count.
    """

    kind: Literal["metric"]
    across: str
    divided_by: str | None
    prompt: str | None

    def _asked(self) -> dict[str, Any]:
        phase = f"{self.phase}/{self.divided_by}" if self.divided_by else self.phase
        named = {"prompt": self.prompt} if self.prompt else {}
        return {**super()._asked(), "phase": phase, "across": self.across, **named}


class _Paired(_OfMetric):
    factor: str
    level: Level
    reference: Level

    across: ClassVar[str]

    def _asked(self) -> dict[str, Any]:
        sides = {"factor": self.factor, "level": self.level, "reference": self.reference}
        return {**super()._asked(), "across": self.across, "contrast": sides}


class StatedContrast(_Paired):
    """A level against a reference, in pairs of runs that share everything else."""

    kind: Literal["contrast"]

    across: ClassVar[str] = "paired ratio"


class StatedDetectable(_Paired):
    """The smallest ratio that such pairs would have found."""

    kind: Literal["detectable"]

    across: ClassVar[str] = "detectable ratio"


class StatedSpread(_OfMetric):
    """How far apart sessions are: of a metric, or of a level over a reference."""

    kind: Literal["spread"]
    factor: str | None
    level: Level | None
    reference: Level | None

    def _asked(self) -> dict[str, Any]:
        sides = {"factor": self.factor, "level": self.level, "reference": self.reference}
        return {**super()._asked(), "across": self.kind, "contrast": sides if self.factor else None}


class StatedBreakEven(_Paired):
    """How many requests pay for a cost of runs by what each saves; the estimate, or the fewest that may."""

    kind: Literal["break_even"]
    cost: str
    cost_version: int
    end: Literal["estimate", "least"]

    across: ClassVar[str] = "break even"

    def _asked(self) -> dict[str, Any]:
        return {**super()._asked(), "cost": self.cost, "cost_version": self.cost_version, "end": self.end}


class StatedCount(_OfRuns):
    """How many runs, requests or cells."""

    kind: Literal["count"]
    of: Literal["runs", "requests", "cells", "texts", "scores"]
    outcome: str | None
    code: str | None

    def _asked(self) -> dict[str, Any]:
        return {"metric": f"count.{self.of}", "where": self.where, "outcome": self.outcome, "code": self.code}


class StatedFlagged(_OfDataset):
    """How many usable runs carry a flag."""

    kind: Literal["flagged"]
    flag: str

    def _asked(self) -> dict[str, Any]:
        return {"metric": f"flagged.{self.flag}"}


class StatedLabel(_OfDataset):
    """How many usable runs have records that say a verdict of their label."""

    kind: Literal["label"]
    setting: str
    level: str
    verdict: Literal["proven", "contradicted", "without evidence"]

    def _asked(self) -> dict[str, Any]:
        return {"metric": f"label.{self.verdict.replace(' ', '-')}", "where": {self.setting: [self.level]}}


class StatedEffective(_OfRuns):
    """The one number that the engine reported for a setting."""

    kind: Literal["effective"]
    key: str

    def _asked(self) -> dict[str, Any]:
        return {"metric": f"effective.{self.key}", "where": self.where}


class StatedCalibration(_OfRuns):
    """The worst of a quantity of the instrument over some loads."""

    kind: Literal["calibration"]
    quantity: str

    def _asked(self) -> dict[str, Any]:
        return {"metric": f"calibration.{self.quantity}", "where": self.where}


class LevelAxis(Strict):
    """A factor whose levels are numbers."""

    kind: Literal["level"]
    factor: str


class SettingAxis(Strict):
    """A number that the engine reported for a setting."""

    kind: Literal["effective"]
    key: str


class MetricAxis(Strict):
    """Another metric of the same cells."""

    kind: Literal["metric"]
    metric: str
    version: int
    phase: str | None
    within: str | None


class _Law(_OfMetric):
    kind: str
    over: Annotated[LevelAxis | SettingAxis | MetricAxis, Field(discriminator="kind")]

    def identity(self) -> dict[str, Any]:
        whole = super().identity()
        kept = {name: whole[name] for name in whole if name not in ("across", "outcome", "code")}
        return {**kept, "kind": self.kind, "over": self.over.model_dump()}


class StatedSlope(_Law):
    """The exponent of a power law over sizes."""

    kind: Literal["slope"]


class StatedCorrelation(_Law):
    """The rank correlation of cells."""

    kind: Literal["correlation"]


class StatedFit(_Law):
    """What a law says that is fitted to sizes."""

    kind: Literal["fit"]
    law: Literal["power", "overhead", "layers"]
    told: Literal["r_squared", "held_out_error", "prediction", "exponent_over_sessions", "first_cost"]
    at: float | None
    depth: str

    def identity(self) -> dict[str, Any]:
        return {**super().identity(), "law": self.law, "told": self.told, "at": self.at, "depth": self.depth}


class StatedPrimary(_OfDataset):
    """What all blocks say of a primary contrast that the dataset's design seals."""

    kind: Literal["primary"]
    primary: str
    of: Literal["ratio", "p_effect", "p_equivalent", "detectable", "blocks"]
    flagged: Literal["kept", "left out"]
    host: str = ""

    def identity(self) -> dict[str, Any]:
        """What the id hashes."""
        dataset = self.dataset if self.other_recording else self.dataset.partition("/")[0]
        asked = {"kind": self.kind, "primary": self.primary, "of": self.of, "flagged": self.flagged}
        asked |= {"host": self.host} if self.host else {}
        return {"dataset": dataset, **asked, **({"beside": True} if self.other_recording else {})}


class StatedMoment(_OfDataset):
    """When something happened to a request, counted from when its round of tasks was to begin."""

    kind: Literal["moment"]
    run: str
    request: int
    stage: Literal["sent", "prompt", "first", "last"]

    def identity(self) -> dict[str, Any]:
        """What the id hashes."""
        dataset = self.dataset if self.other_recording else self.dataset.partition("/")[0]
        asked = {"kind": self.kind, "run": self.run, "request": self.request, "stage": self.stage}
        return {"dataset": dataset, **asked, **({"beside": True} if self.other_recording else {})}


class StatedReading(_OfDataset):
    """What a probe read while a run was measured, or when it did."""

    kind: Literal["reading"]
    run: str
    quantity: str
    number: int
    told: Literal["value", "at"]

    def identity(self) -> dict[str, Any]:
        """What the id hashes."""
        dataset = self.dataset if self.other_recording else self.dataset.partition("/")[0]
        asked = {
            "kind": self.kind,
            "run": self.run,
            "quantity": self.quantity,
            "number": self.number,
            "told": self.told,
        }
        return {"dataset": dataset, **asked, **({"beside": True} if self.other_recording else {})}


class StatedInput(Strict):
    """A number that a source says, declared in ``data/inputs``."""

    kind: Literal["input"]
    name: str
    date: str
    region: str
    source: str

    def identity(self) -> dict[str, Any]:
        """What the id hashes: an input keeps its id when it is renewed."""
        return {"kind": self.kind, "name": self.name}


StatedOfDataset = (
    StatedMetric
    | StatedContrast
    | StatedDetectable
    | StatedBreakEven
    | StatedCount
    | StatedFlagged
    | StatedLabel
    | StatedEffective
    | StatedCalibration
    | StatedSlope
    | StatedCorrelation
    | StatedFit
    | StatedPrimary
    | StatedMoment
    | StatedReading
    | StatedSpread
)
StatedQuestion = Annotated[StatedOfDataset | StatedInput, Field(discriminator="kind")]
