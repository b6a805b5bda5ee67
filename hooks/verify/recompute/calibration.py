"""Answers questions to a calibration again from its sealed files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.calibration.quantities import QUANTITIES, worst

from ..reader.questions_json import Level, StatedCalibration
from ..reader.samples import CannotAnswer, Samples
from .answer import Answer

LOADS = ("ttft_ms", "itl_ms", "streams")


def calibrated(samples: Samples, asked: StatedCalibration) -> Answer:
    """The answer of a calibration. Raises ``CannotAnswer``."""
    number, runs = error_at(samples, asked.quantity, asked.where)
    return Answer(number, runs, QUANTITIES[asked.quantity].unit, QUANTITIES[asked.quantity].meaning)


def error_at(samples: Samples, name: str, where: Mapping[str, Sequence[Level]]) -> tuple[float | None, int]:
    """The worst of the loads that ``where`` keeps, and its runs. Raises ``CannotAnswer``."""
    if name not in QUANTITIES:
        raise CannotAnswer(f"a calibration does not measure {name!r}")
    if unknown := [column for column in where if column not in LOADS]:
        raise CannotAnswer(f"a calibration does not vary {unknown[0]!r}")
    kept = [
        cell
        for cell in samples.calibrated
        if all(any(float(level) == getattr(cell, column) for level in levels) for column, levels in where.items())
    ]
    found = worst(kept, name)
    return found.number, found.runs
