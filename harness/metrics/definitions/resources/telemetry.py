"""What telemetry costs: decode steps with it over those without, in pairs of requests that follow each other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from ....outcomes import USABLE, Missing
from ....units import PERCENT
from ...columns import one_array
from ...definition import Evaluated, TablesMetric, evaluated
from ...readings import Tables

_COLUMNS = ("run_id", "phase", "outcome", "effective", "engine_predicted_ms", "engine_predicted_n")


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryMetric(TablesMetric):
    """One value per run that watched every other request."""

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The median over pairs, shape ``(runs,)``."""
        by_run: dict[str, list[dict[str, Any]]] = {}
        for row in tables.table("requests", _COLUMNS).to_pylist():
            if row["phase"] == "measured" and row["outcome"] in USABLE and '"watched"' in (row["effective"] or ""):
                by_run.setdefault(row["run_id"], []).append(row)
        ratios = [_ratios(by_run.get(run, ())) for run in one_array(runs["run_id"]).to_pylist()]
        values = np.array([100.0 * (median(found) - 1.0) if found else np.nan for found in ratios])
        return evaluated(values, (np.isnan(values), Missing.NOT_APPLICABLE))


def _ratios(requests: Sequence[dict[str, Any]]) -> list[float]:
    """Time per decode step with telemetry over that without, of each pair that has both."""
    pairs: dict[int, dict[bool, float]] = {}
    for row in requests:
        said, steps = json.loads(row["effective"]), (row["engine_predicted_n"] or 0) - 1
        if steps > 0 and row["engine_predicted_ms"]:
            pairs.setdefault(said["pair"], {})[said["watched"]] = row["engine_predicted_ms"] / steps
    return [pair[True] / pair[False] for pair in pairs.values() if len(pair) == 2]


TELEMETRY_OVERHEAD = TelemetryMetric(
    id="telemetry_overhead",
    name="telemetry overhead",
    unit=PERCENT,
    formula="decode step of a request with telemetry ÷ that of the one beside it without − 1, median over pairs",
    applicability="runs that switch telemetry on for every other request, polled four times as often as elsewhere",
    higher_is_better=False,
)
