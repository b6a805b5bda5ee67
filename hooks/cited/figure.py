"""One cited figure: what was printed, of which quantity, under which conditions, and where it stands.

A figure has exactly one of ``value``, ``range``, ``values`` (any of them) and ``direction`` (a comparison in words).
Numbers are strings, so that the printed digits survive: ``"72.0"`` is not ``"72"``.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Kind(StrEnum):
    """What a figure is; only findings can be replicated or contradicted."""

    FINDING = "finding"
    METHOD = "method"
    SETTING = "setting"
    TARGET = "target"
    HYPOTHESIS = "hypothesis"
    EXAMPLE = "example"


class Statistic(StrEnum):
    """Which statistic of the runs a figure is; *unstated* where the source does not say."""

    UNSTATED = "unstated"
    MEAN = "mean"
    BEST_CONFIG_MEAN = "best_config_mean"
    PEAK = "peak"
    PEAK_RUN = "peak_run"
    MIN = "min"
    MAX = "max"
    P50 = "p50"
    P99 = "p99"
    SD = "sd"
    CV = "cv"
    CEILING = "ceiling"
    OPTIMUM = "optimum"
    COUNT = "count"


Limit = Literal["below", "at_most", "at_least", "above"]
Direction = Literal["less", "equal", "greater"]
Level = str | int


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is no number; copy the digits as printed") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not finite")
    return text


Printed = Annotated[str, AfterValidator(_number)]


def label_of(report: str) -> str:
    """A report's name for people: ``TR108``, ``TR117 (agents)``."""
    number, _, part = report.partition("-")
    return f"{number.upper()} ({part})" if part else number.upper()


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Qualifiers(Strict):
    """The conditions that the source states for a figure; null is *not stated*, never *any*."""

    workload: Literal["single_inference", "agent", "multi_agent", "inference"] | None = None
    language: Literal["python", "rust"] | None = None
    servers: int | None = None
    scenario: Literal["baseline_vs_chimera", "chimera_hetero", "chimera_homo"] | None = None
    configuration: Literal["baseline", "best", "varied", "optimised"] | None = None
    model: str | None = None
    family: str | None = None
    runtime: str | None = None
    backend: str | None = None
    compile: Literal["none", "label", "inductor"] | None = None
    shapes: Literal["natural", "padded"] | None = None
    start: Literal["cold", "warm"] | None = None
    buffer: str | None = None
    pricing: Literal["on_demand", "spot"] | None = None
    factor: str | None = None

    def stated(self) -> dict[str, Level]:
        """The conditions that are stated."""
        return self.model_dump(exclude_none=True)


class Place(Strict):
    """Where a figure stands: ``in`` is ``<report or index>: <section>``, ``text`` its words verbatim."""

    section: str = Field(alias="in", pattern=r"^(index|tr\d{3}(-agents)?): \S.*$")
    text: str = Field(min_length=1)

    @property
    def report(self) -> str | None:
        """The report whose entry the figure stands in; null in the parts about all reports."""
        owner = self.section.partition(":")[0]
        return None if owner == "index" else owner

    @property
    def heading(self) -> str:
        return self.section.partition(": ")[2]

    @property
    def shown(self) -> str:
        """The place for people: ``TR110, Key findings``."""
        return f"{label_of(self.report)}, {self.heading}" if self.report else self.heading


class Comparison(Strict):
    """A figure that compares two conditions of one quantity (or, for ``spread``, all conditions of one qualifier).

    ``difference`` is of − against, ``ratio`` of / against, ``relative_change`` of / against − 1,
    ``reduction`` 1 − of / against, ``spread`` the largest minus the smallest ``among`` the levels of ``by``.
    """

    operation: Literal["difference", "ratio", "relative_change", "reduction", "spread"]
    of: Qualifiers
    against: Qualifiers | None = None
    by: str | None = None
    among: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _sides(self) -> Self:
        spread = self.operation == "spread"
        if spread != (self.by is not None) or spread != (self.against is None):
            raise ValueError("a spread names `by`; every other comparison names `against`")
        return self


class Computation(Strict):
    """How the source itself arrives at a figure: from other figures (by id) and plain numbers of its sentence."""

    operation: Literal["sum", "product", "difference", "share", "width"]
    of: list[str | int] = Field(min_length=1)


class Figure(Strict):
    """One figure as printed. ``universal`` marks a statement about every case, such as *never exceeds*."""

    id: str = Field(pattern=r"^(index|tr\d{3}(-agents)?)\.[a-z0-9_]+$")
    kind: Annotated[Kind, Field(strict=False)] = Kind.FINDING
    quantity: str
    statistic: Annotated[Statistic, Field(strict=False)] = Statistic.COUNT
    value: Printed | None = None
    range: tuple[Printed, Printed] | None = Field(default=None, strict=False)
    values: tuple[Printed, ...] = Field(default=(), strict=False)
    direction: Direction | None = None
    approximate: bool = False
    limit: Limit | None = None
    universal: bool = False
    unit: str
    comparison: Comparison | None = None
    computed_from: Computation | None = None
    qualifiers: Qualifiers = Qualifiers()
    places: tuple[Place, ...] = Field(min_length=1, strict=False)

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shapes = (self.value is not None, self.range is not None, bool(self.values), self.direction is not None)
        if sum(shapes) != 1:
            raise ValueError(f"{self.id}: give exactly one of value, range, values and direction")
        if self.direction and not self.comparison:
            raise ValueError(f"{self.id}: a direction needs the comparison that it belongs to")
        if self.limit and self.value is None:
            raise ValueError(f"{self.id}: a limit belongs to a value")
        if self.kind is Kind.FINDING and self.statistic is Statistic.COUNT:
            raise ValueError(f"{self.id}: a finding names its statistic (`unstated` where the source does not)")
        return self

    @property
    def printed(self) -> tuple[str, ...]:
        """The numbers as printed: none for a direction, two for a range."""
        if self.value is not None:
            return (self.value,)
        return self.range or self.values

    @property
    def report(self) -> str | None:
        """The study that the source attributes the figure to; null where it names none."""
        owner = self.id.partition(".")[0]
        return None if owner == "index" else owner


class CitedFile(Strict):
    """One file of ``data/cited``. ``hardware`` is null where the source states none."""

    report: str | None
    hardware: str | None = None
    figures: tuple[Figure, ...] = Field(strict=False)

    @model_validator(mode="after")
    def _owned(self) -> Self:
        for figure in self.figures:
            if figure.report != self.report:
                raise ValueError(f"{figure.id} belongs in another file")
        return self
