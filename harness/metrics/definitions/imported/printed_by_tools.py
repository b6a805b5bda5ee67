"""Metrics whose values another tool computed, and which are only read here."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pyarrow as pa

from ....outcomes import MISSING_SUFFIX, Missing
from ....units import Unit
from ...batch import Batch
from ...definition import Codes, Evaluated, RequestMetric, RunMetric, code_of, evaluated

STATISTICS = {
    "mean": "average",
    "median": "fiftieth percentile",
    "p90": "ninetieth percentile",
    "p99": "ninety-ninth percentile",
    "std": "standard deviation",
}
"""The statistics that are taken of what a tool printed, by the ending of their ids."""

_REASONS = frozenset(reason.value for reason in Missing)


def printed(metric_id: str, name: str, unit: Unit, formula: str, *, better: bool | None = False) -> RunMetric:
    """One number that a tool printed of a run. ``better``: whether a higher one is."""
    return RunMetric(
        id=metric_id,
        name=name,
        unit=unit,
        formula=formula,
        applicability="imported runs of which the tool printed it",
        higher_is_better=better,
        compute=partial(_of_runs, metric_id),
    )


def statistics(
    metric_id: str, name: str, unit: Unit, formula: str, *, better: bool | None = False
) -> tuple[RunMetric, ...]:
    """The same for each of ``STATISTICS`` that a tool printed of one quantity."""
    return tuple(
        printed(
            f"{metric_id}_{ending}",
            f"{name}, {said}",
            unit,
            f"{formula}; the {said} as printed",
            better=better if ending != "std" else False,
        )
        for ending, said in STATISTICS.items()
    )


def of_requests(metric_id: str, name: str, unit: Unit, formula: str, *, better: bool | None = False) -> RequestMetric:
    """One number of each request, as the tool defines it."""
    return RequestMetric(
        id=metric_id,
        name=name,
        unit=unit,
        formula=formula,
        applicability="imported requests that ended usably and of which the tool says it",
        higher_is_better=better,
        compute=partial(_of_requests, metric_id),
    )


def _of_runs(metric_id: str, runs: pa.Table) -> Evaluated:
    told = [json.loads(text) if text else {} for text in runs["facts"].to_pylist()]
    values = np.array([_number(one.get(metric_id)) for one in told], np.float64)
    reason: Codes = np.array([code_of(_why(one.get(metric_id + MISSING_SUFFIX))) for one in told], np.int8)
    return Evaluated(values, np.where(np.isfinite(values), 0, reason).astype(np.int8))


def _number(fact: object) -> float:
    return float(fact) if isinstance(fact, int | float) and not isinstance(fact, bool) else np.nan


def _why(fact: object) -> Missing:
    return Missing(fact) if fact in _REASONS else Missing.NOT_REPORTED


def _of_requests(metric_id: str, batch: Batch) -> Evaluated:
    values = batch.extra.plain(metric_id)
    return evaluated(values, (~batch.usable, Missing.REQUEST_FAILED), (np.isnan(values), Missing.NOT_REPORTED))
