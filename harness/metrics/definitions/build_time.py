"""What an engine in the worker's process spent on building code or graphs, in a run; never part of a latency."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from ...outcomes import Missing
from ...units import S
from ..definition import Evaluated, RunMetric, evaluated


def compile_time(runs: pa.Table) -> Evaluated:
    """Seconds spent compiling during a run, shape ``(runs,)``; an engine that compiled nothing says 0."""
    return _told(runs, "facts", "evidence.compile_s")


def export_time(runs: pa.Table) -> Evaluated:
    """Seconds that exporting the graph took when it was made, shape ``(runs,)``; later runs read the file."""
    return _told(runs, "effective", "export_s")


def _told(runs: pa.Table, column: str, key: str) -> Evaluated:
    found = [json.loads(text).get(key) if text else None for text in runs[column].to_pylist()]
    values = np.array([np.nan if number is None else float(number) for number in found])
    return evaluated(values, (np.isnan(values), Missing.NOT_REPORTED))


COMPILE_TIME = RunMetric(
    id="compile_time",
    name="compile time",
    unit=S,
    formula="seconds that the compiler reports for all its work in the run",
    applicability="engines in the worker's process that can compile",
    higher_is_better=False,
    compute=compile_time,
)
EXPORT_TIME = RunMetric(
    id="export_time",
    name="export time",
    unit=S,
    formula="seconds from the start of the export to the published graph, when it was made",
    applicability="engines that run an exported graph",
    higher_is_better=False,
    compute=export_time,
)
