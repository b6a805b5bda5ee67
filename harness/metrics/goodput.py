"""The throughput of requests that met the latency limits which their run declares (``limit.ttft`` …).

Limits are settings of a run, sealed with it, and may be a factor of a study. A request meets a limit where its own
number is at most that. One with a single token has no time per output token and meets that limit; one that failed, or
has no token at all, meets none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ..design.limits import limits_of
from ..outcomes import Missing
from .batch import Batch, Floats, Ints
from .definition import PRESENT, Evaluated, RateMetric, RequestMetric, TablesMetric, code_of, per_second
from .readings import Tables
from .wall_time import completed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputMetric(TablesMetric):
    """One value per run: its requests of a ``phase`` within all limits, for each second of wall time. ``limited`` are
    the metrics, in milliseconds, that a run may limit."""

    phase: str
    limited: tuple[RequestMetric | RateMetric, ...]

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The value of each of ``runs``, shape ``(runs,)``; ``NOT_APPLICABLE`` where a run declares no limit."""
        limits = [limits_of(json.loads(text or "{}")) for text in runs["requested"].to_pylist()]

        def within(batch: Batch, owner: Ints) -> Floats:
            met = np.ones(len(batch), np.bool_)
            for metric in self.limited:
                most = np.array([found.get(metric.id, np.inf) for found in limits])[owner]
                found = metric.compute(batch)
                short = (found.reason == PRESENT) & (np.nan_to_num(found.values, nan=np.inf) <= most)
                met &= np.isinf(most) | short | (found.reason == code_of(Missing.ONE_TOKEN))
            return met.astype(np.float64)

        rates = per_second(*completed_in(tables, runs, self.phase, within))
        reason = np.where([bool(found) for found in limits], rates.reason, code_of(Missing.NOT_APPLICABLE))
        return Evaluated(np.where(reason == PRESENT, rates.values, np.nan), reason.astype(np.int8))
