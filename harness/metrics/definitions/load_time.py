"""Cold start: from asking for the engine to its first readiness, weights loaded. One value per run."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ...outcomes import Missing
from ...units import MS
from ..columns import floats
from ..definition import Evaluated, RunMetric, evaluated


def load_time(runs: pa.Table) -> Evaluated:
    """Milliseconds, shape ``(runs,)``."""
    load = floats(runs["load_ns"]) / 1e6
    return evaluated(load, (np.isnan(load), Missing.NOT_REPORTED))


LOAD_TIME = RunMetric(
    id="load_time",
    name="load time",
    unit=MS,
    formula="first readiness of the engine − asking for it",
    applicability="runs whose engine started",
    higher_is_better=False,
    compute=load_time,
)
