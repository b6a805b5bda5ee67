"""One step of arithmetic between quantities; the operands may be numbers or arrays of one shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from harness.errors import UsageError
from harness.units import RATIO, Unit, convert

from .prediction import FEWEST, PREDICT

if TYPE_CHECKING:
    from harness.metrics.batch import Floats

N = TypeVar("N", float, "Floats")


def result_unit(operation: str, units: tuple[Unit, ...], target: Unit | None = None) -> Unit:
    """The unit of ``operation`` over operands in ``units``. Raises ``UsageError`` where they do not fit."""
    if operation == "convert":
        if target is None:
            raise UsageError("a conversion needs the unit to convert to")
        convert(1.0, units[0], target)
        return target
    if operation in ("+", "-"):
        convert(1.0, units[1], units[0])
        return units[0]
    if operation == "*":
        return units[0] * units[1]
    if operation == "/":
        quotient = units[0] / units[1]
        return RATIO if units[1].dims and not quotient.dims else quotient
    if operation == PREDICT:
        if len(units) < FEWEST:
            raise UsageError(f"{len(units)} hosts predict nothing; it takes at least {FEWEST}")
        for unit in units[1:]:
            convert(1.0, unit, units[0])
        return units[0]
    raise UsageError(f"unknown operation {operation!r}; use one of: + - * / convert {PREDICT}")


def evaluate(operation: str, operands: tuple[N, ...], units: tuple[Unit, ...], unit: Unit) -> N:
    """``operation`` over ``operands`` given in ``units``, expressed in ``unit``."""
    if operation == "convert":
        return operands[0] * (units[0].scale / unit.scale)
    left, right = operands
    if operation == "+":
        return left + right * (units[1].scale / unit.scale)
    if operation == "-":
        return left - right * (units[1].scale / unit.scale)
    if operation == "*":
        return left * right * (units[0].scale * units[1].scale / unit.scale)
    return left / right * (units[0].scale / units[1].scale / unit.scale)
