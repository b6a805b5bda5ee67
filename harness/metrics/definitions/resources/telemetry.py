"""What telemetry costs: decode steps with it over those without, in pairs of requests that follow each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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

_COLUMNS = ("run_id", "phase", "outcome", "effective", "engine_predicted_ms", "engine_predicted_n", "end_ns")


Pair = dict[bool, dict[str, Any]]
"""The requests of a pair: with telemetry, and without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryMetric(TablesMetric):
    """One value per run that watched every other request: ``compare`` says it in percent of one pair, or nothing."""

    compare: Callable[[Pair], float | None]

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The median over pairs, shape ``(runs,)``."""
        by_run: dict[str, list[dict[str, Any]]] = {}
        for row in tables.table("requests", _COLUMNS).to_pylist():
            if row["phase"] == "measured" and row["outcome"] in USABLE and '"watched"' in (row["effective"] or ""):
                by_run.setdefault(row["run_id"], []).append(row)
        pairs = [_pairs(by_run.get(run, ())) for run in one_array(runs["run_id"]).to_pylist()]
        said = [[number for pair in found if (number := self.compare(pair)) is not None] for found in pairs]
        values = np.array([median(numbers) if numbers else np.nan for numbers in said])
        return evaluated(values, (np.isnan(values), Missing.NOT_APPLICABLE))


def _pairs(requests: Sequence[dict[str, Any]]) -> list[Pair]:
    """The pairs that have both requests; each request with what is noted of it."""
    pairs: dict[int, Pair] = {}
    for row in requests:
        said = json.loads(row["effective"])
        pairs.setdefault(said["pair"], {})[said["watched"]] = {**row, **said}
    return [pair for pair in pairs.values() if len(pair) == 2]


def _slower(pair: Pair) -> float | None:
    """By how many percent the decode step with telemetry takes longer."""
    steps = {watched: _step_ms(row) for watched, row in pair.items()}
    on, off = steps[True], steps[False]
    return None if on is None or off is None else 100.0 * (on / off - 1.0)


def _step_ms(row: dict[str, Any]) -> float | None:
    steps, taken = (row["engine_predicted_n"] or 0) - 1, row["engine_predicted_ms"]
    return taken / steps if steps > 0 and taken else None


def _busier(pair: Pair) -> float | None:
    """By how many percent of one processor the client is busier with telemetry."""
    shares = {watched: _cpu_share(row) for watched, row in pair.items()}
    on, off = shares[True], shares[False]
    return None if on is None or off is None else 100.0 * (on - off)


def _cpu_share(row: dict[str, Any]) -> float | None:
    spent, lasted = row.get("client_cpu_ns"), row["end_ns"]
    return spent / lasted if isinstance(spent, int) and lasted else None


TELEMETRY_OVERHEAD = TelemetryMetric(
    id="telemetry_overhead",
    name="telemetry overhead",
    unit=PERCENT,
    formula="decode step of a request with telemetry ÷ that of the one beside it without − 1, median over pairs",
    applicability="runs that switch telemetry on for every other request, polled four times as often as elsewhere",
    higher_is_better=False,
    compare=_slower,
)
TELEMETRY_CPU = TelemetryMetric(
    id="telemetry_cpu",
    name="processor time of telemetry",
    unit=PERCENT,
    formula="client's processor time ÷ duration of a request with telemetry − the same of the one beside it without, "
    "median over pairs; of one processor",
    applicability="runs that switch telemetry on for every other request, polled four times as often as elsewhere",
    higher_is_better=False,
    compare=_busier,
)
