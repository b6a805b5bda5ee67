"""The two sides of a roofline: the weights that an engine holds, and how fast the same machine reads memory.

A decode step reads every weight once, so weights ÷ read rate is how long a step takes where memory is the limit.
"""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from ...outcomes import Missing
from ...units import GB_PER_S, MIB
from ..columns import usable
from ..definition import Evaluated, RunMetric, evaluated


def weight_bytes(runs: pa.Table) -> Evaluated:
    """MiB of weights, shape ``(runs,)``."""
    return _reported(runs, "effective", "weights_bytes", MIB.scale)


def copy_bandwidth(runs: pa.Table) -> Evaluated:
    """GB read and written per second, shape ``(runs,)``."""
    return _reported(runs, "facts", "memory.copied_per_s", GB_PER_S.scale)


def read_bandwidth(runs: pa.Table) -> Evaluated:
    """GB read per second, shape ``(runs,)``."""
    return _reported(runs, "facts", "memory.read_per_s", GB_PER_S.scale)


def _reported(runs: pa.Table, column: str, key: str, scale: float) -> Evaluated:
    values = np.array([_number(text, key) for text in runs[column].to_pylist()], np.float64) / scale
    return evaluated(values, (~usable(runs["outcome"]), Missing.RUN_FAILED), (np.isnan(values), Missing.NOT_REPORTED))


def _number(text: str | None, key: str) -> float:
    value = json.loads(text).get(key) if text else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


_BEST = "the best of six passes over an array of four times the last cache, with the engine's number of threads"

WEIGHT_BYTES = RunMetric(
    id="weight_bytes",
    name="weights in memory",
    unit=MIB,
    formula="bytes of all weights that the engine loaded, each once",
    applicability="runs of engines that tell the size of their weights",
    higher_is_better=None,
    compute=weight_bytes,
)
COPY_BANDWIDTH = RunMetric(
    id="copy_bandwidth",
    name="memory bandwidth of a copy",
    unit=GB_PER_S,
    formula=f"bytes read and written ÷ time, {_BEST}",
    applicability="runs of studies that measure it",
    higher_is_better=True,
    compute=copy_bandwidth,
)
READ_BANDWIDTH = RunMetric(
    id="read_bandwidth",
    name="memory bandwidth of reading",
    unit=GB_PER_S,
    formula=f"bytes read ÷ time, {_BEST}",
    applicability="runs of studies that measure it",
    higher_is_better=True,
    compute=read_bandwidth,
)
