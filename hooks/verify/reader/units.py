"""Units as pages state them, and what arithmetic does to them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.units import UNITS

from .values_json import StatedValue

Dims = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Measure:
    """Base dimensions with their powers, and the scale to the base unit."""

    dims: Dims
    scale: float


def stated_measure(value: StatedValue) -> Measure:
    """What ``value`` says its unit is."""
    return Measure({str(name): int(power) for name, power in value.dims}, value.scale)


def known(value: StatedValue) -> bool:
    """Whether a unit that has a registered symbol also has the registered meaning."""
    registered = UNITS.get(value.unit)
    if registered is None:
        return bool(value.unit)
    return Measure(dict(registered.dims), registered.scale) == stated_measure(value)


def result(operation: str, parents: Sequence[Measure], stated: Measure) -> Measure:
    """The unit that an operation gives. A conversion gives the unit that it names, if the dimensions allow it."""
    left = parents[0]
    if operation == "convert":
        return Measure(left.dims, stated.scale)
    if operation in ("+", "-"):
        return left
    if operation == "predict":
        alike = all(parent.dims == left.dims for parent in parents)
        return left if alike else Measure({}, 0.0)
    return _product(left, parents[1], 1 if operation == "*" else -1)


def _product(left: Measure, right: Measure, sign: int) -> Measure:
    dims = {name: left.dims.get(name, 0) + sign * right.dims.get(name, 0) for name in {*left.dims, *right.dims}}
    scale = left.scale * right.scale if sign > 0 else left.scale / right.scale
    return Measure({name: power for name, power in dims.items() if power}, scale)


def same(one: Measure, other: Measure) -> bool:
    """Whether two units are the same, up to the last bits of their scales."""
    return one.dims == other.dims and math.isclose(one.scale, other.scale, rel_tol=1e-12)


def shown_with(figure: str, unit: str) -> str:
    """The figure followed by its unit; a ratio's × is attached, every other symbol stands after a no-break space."""
    if not unit or figure == "—":
        return figure
    return figure + unit if unit == "×" else f"{figure}\u00a0{unit}"
