"""What an engine in the worker's process spent on building code or graphs; never part of a latency."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from ...outcomes import Missing
from ...units import S
from ..definition import PRESENT, Evaluated, RunMetric, evaluated


def compile_time(runs: pa.Table) -> Evaluated:
    """Seconds spent compiling during a run, shape ``(runs,)``; an engine that compiled nothing says 0."""
    return _told(runs, "facts", "evidence.compile_s")


def export_time(runs: pa.Table) -> Evaluated:
    """Seconds that exporting the graph took when it was made, shape ``(runs,)``; later runs read the file."""
    return _told(runs, "effective", "export_s")


def optimise_time(runs: pa.Table) -> Evaluated:
    """Seconds that optimising the graph took when it was made, shape ``(runs,)``."""
    return _step(runs, "optimise_s")


def quantise_time(runs: pa.Table) -> Evaluated:
    """Seconds that quantising the graph took when it was made, shape ``(runs,)``."""
    return _step(runs, "quantise_s")


def build_time(runs: pa.Table) -> Evaluated:
    """Seconds of all steps from the weights to the graph that ran, shape ``(runs,)``; a step not taken takes none."""
    told = [json.loads(text) if text else {} for text in runs["effective"].to_pylist()]
    export = np.array([np.nan if (said := one.get("export_s")) is None else float(said) for one in told])
    further = np.array([sum(float(one.get(step) or 0.0) for step in ("quantise_s", "optimise_s")) for one in told])
    return evaluated(export + further, (np.isnan(export), Missing.NOT_REPORTED))


def _step(runs: pa.Table, key: str) -> Evaluated:
    """A step that not every graph takes: not applicable where another graph was made without it."""
    exported = export_time(runs).reason == PRESENT
    step = _told(runs, "effective", key)
    return evaluated(
        step.values, (exported & np.isnan(step.values), Missing.NOT_APPLICABLE), (~exported, Missing.NOT_REPORTED)
    )


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
OPTIMISE_TIME = RunMetric(
    id="optimise_time",
    name="time of optimising the graph",
    unit=S,
    formula="seconds in which the runtime rewrote the graph and wrote it down, when it was made",
    applicability="runs whose graph was optimised apart from loading it",
    higher_is_better=False,
    compute=optimise_time,
)
QUANTISE_TIME = RunMetric(
    id="quantise_time",
    name="time of quantising the graph",
    unit=S,
    formula="seconds from the exported graph to the quantised one, calibration included, when it was made",
    applicability="runs of quantised graphs",
    higher_is_better=False,
    compute=quantise_time,
)
BUILD_TIME = RunMetric(
    id="build_time",
    name="time of making the graph",
    unit=S,
    formula="export + quantising + optimising, each when it was made",
    applicability="engines that run an exported graph",
    higher_is_better=False,
    compute=build_time,
)
