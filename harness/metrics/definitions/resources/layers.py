"""Which parts of a model take the time, from PyTorch's profiler; what profiling costs, and whether the parts add up."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ....outcomes import Missing
from ....units import MS, PERCENT
from ...definition import PRESENT, Evaluated, RunMetric, evaluated
from .told import telling, told

PHASES = {"prefill": "a prefill", "decode": "a decode step"}
PARTS = {
    "attention": "attention",
    "mlp": "the MLP",
    "norm": "norms",
    "embedding": "the embedding",
    "head": "the head",
    "sampling": "choosing the token",
    "other": "everything else",
}
_PROFILED = "runs that ask an engine which tells its layers for their time"


def _part(phase: str, part: str) -> RunMetric:
    return RunMetric(
        id=f"layer_{phase}_{part}",
        name=f"time of {PARTS[part]} in {PHASES[phase]}",
        unit=MS,
        formula="self times of the profiler's events in the outermost such module, median of passes",
        applicability=_PROFILED,
        higher_is_better=False,
        compute=telling("facts", f"layers.{phase}.{part}"),
    )


def _over(runs: pa.Table, above: str, below: str) -> Evaluated:
    """By how many percent one time exceeds another, shape ``(runs,)``."""
    one, other = (told(runs, "facts", key) for key in (above, below))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = one.values / other.values
    bad = (one.reason == PRESENT) & (other.reason == PRESENT) & ~np.isfinite(ratio)
    values = 100.0 * (ratio - 1.0)
    return evaluated(
        np.where(bad, np.nan, values), (bad, Missing.BAD_COUNTER), (~np.isfinite(values), Missing.NOT_REPORTED)
    )


def _difference(metric_id: str, phase: str, name: str, formula: str, above: str, below: str) -> RunMetric:
    keys = f"layers.{phase}.{above}", f"layers.{phase}.{below}"
    return RunMetric(
        id=f"layer_{phase}_{metric_id}",
        name=f"{name} of {PHASES[phase]}",
        unit=PERCENT,
        formula=formula,
        applicability=_PROFILED,
        higher_is_better=None,
        compute=lambda runs: _over(runs, *keys),
    )


LAYER_PARTS = tuple(_part(phase, part) for phase in PHASES for part in PARTS)
LAYER_CHECKS = tuple(
    _difference(*check)
    for phase in PHASES
    for check in (
        ("sum", phase, "sum of the parts beside the clock", "self times ÷ our clock's time − 1", "told", "profiled"),
        ("cost", phase, "cost of profiling", "profiled passes ÷ plain ones in turn − 1", "profiled", "plain"),
    )
)
