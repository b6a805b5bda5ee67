"""The vocabulary of quantities: one id, one meaning, wherever it is used."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from harness.units import UNITS, Unit

from .figure import Strict

SOURCE_UNITS = {
    unit.symbol: unit
    for unit in (
        Unit("MB", (("byte", 1),), 1e6),
        Unit("GB", (("byte", 1),), 1e9),
        Unit("million", (), 1e6),
        Unit("billion", (), 1e9),
        Unit("Mtok/kWh", (("energy", -1), ("token", 1)), 1e6 / 3.6e6),
    )
}
"""Units that the source prints and the harness does not use."""


def source_unit(symbol: str) -> Unit:
    """The unit with this symbol. Raises ``ValueError`` for an unknown one."""
    found = SOURCE_UNITS.get(symbol) or UNITS.get(symbol)
    if found is None:
        raise ValueError(f"unknown unit {symbol!r}; add it to SOURCE_UNITS")
    return found


class Equivalence(Strict):
    """Half the width of the zone in which two figures count as the same."""

    relative: float | None = Field(default=None, gt=0)
    absolute: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.relative is None) == (self.absolute is None):
            raise ValueError("an equivalence is either relative or absolute")
        return self


class Quantity(Strict):
    """What a figure is a figure of. ``metric`` is the harness metric that measures it, or ``unmeasured`` says why not.

    ``factor`` names the factor whose best level the figure is: no metric measures that, a claim may test it.
    ``hardware_bound`` marks absolute figures, which another machine can neither confirm nor refute; ``exact`` ones
    have no rounding.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    definition: str
    unit: str
    metric: str | None = None
    unmeasured: str | None = None
    factor: str | None = None
    hardware_bound: bool = False
    exact: bool = False
    equivalence: Equivalence | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        source_unit(self.unit)
        if (self.metric is None) == (self.unmeasured is None):
            raise ValueError(f"{self.id}: name its metric, or say in `unmeasured` why there is none")
        if self.metric and not self.exact and self.equivalence is None:
            raise ValueError(f"{self.id}: a measured quantity needs an equivalence")
        return self

    @property
    def dims(self) -> tuple[tuple[str, int], ...]:
        return source_unit(self.unit).dims


class QuantityFile(Strict):
    """``quantities.yml``. ``requires`` names, by qualifier and level, what a test needs."""

    quantities: tuple[Quantity, ...] = Field(strict=False)
    requires: dict[str, dict[str, str]]
