"""Numbers that a run tells in its effective settings or facts, by name."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from ....outcomes import Missing
from ...columns import usable
from ...definition import Evaluated, evaluated


def told(runs: pa.Table, column: str, *keys: str, scale: float = 1.0) -> Evaluated:
    """The sum of what is told under ``keys``, in units of ``scale``, shape ``(runs,)``; a run that tells none of them
    has no value."""
    values = np.array([_sum(text, keys) for text in runs[column].to_pylist()], np.float64) / scale
    return evaluated(values, (~usable(runs["outcome"]), Missing.RUN_FAILED), (np.isnan(values), Missing.NOT_REPORTED))


def telling(column: str, *keys: str, scale: float = 1.0) -> Callable[[pa.Table], Evaluated]:
    """The function of a metric that is nothing but what runs tell."""
    return lambda runs: told(runs, column, *keys, scale=scale)


def _sum(text: str | None, keys: tuple[str, ...]) -> float:
    said = json.loads(text) if text else {}
    numbers = [
        float(value) for key in keys if isinstance(value := said.get(key), int | float) and not isinstance(value, bool)
    ]
    return sum(numbers) if numbers else float("nan")
