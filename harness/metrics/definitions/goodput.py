"""Goodput: requests completed within latency limits, for each second of wall time.

The limits are those that the run declares (``slo.ttft_ms`` and so on, see ``design/limits.py``); a run that declares
none has no goodput. A request that failed meets no limit. A limit on ``itl`` holds every gap of a request, so that one
stall spoils it; a limit on ``tpot`` holds their mean.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from ...design.limits import Limits, limits_of
from ...outcomes import Missing
from ...units import REQ_PER_S
from ..batch import Batch, Floats, Ints
from ..definition import PRESENT, Evaluated, TablesMetric, rate
from ..readings import Tables
from ..wall_time import completed_in
from .e2e_latency import e2e_latency
from .itl import itl
from .throughput import MEASURED
from .tpot import tpot
from .ttft import ttft


def longest_gap(batch: Batch) -> Floats:
    """The longest gap between tokens of each request in ms, shape ``(n,)``; zero where it has none."""
    gaps = itl(batch)
    longest = np.zeros(len(batch))
    np.maximum.at(longest, gaps.row, gaps.values)
    return longest


def _or_zero(found: Evaluated) -> Floats:
    """Values, and zero for a request that has none: one token has no time per output token to be late."""
    return np.where(found.reason == PRESENT, found.values, 0.0)


def _measure(limit: str, batch: Batch) -> Floats:
    """What a limit holds, of each request in ms, shape ``(n,)``."""
    match limit:
        case "ttft_ms":
            return _or_zero(ttft(batch))
        case "tpot_ms":
            return _or_zero(tpot(batch).evaluated())
        case "itl_ms":
            return longest_gap(batch)
        case _:
            return _or_zero(e2e_latency(batch))


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputMetric(TablesMetric):
    """One value per run: the requests that met the limits of their run, for each second of wall time."""

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        limits = [limits_of(json.loads(text or "{}")) for text in runs["requested"].to_pylist()]

        def met(batch: Batch, owner: Ints) -> Floats:
            kept = np.ones(len(batch), np.bool_)
            for field in fields(Limits):
                longest = np.asarray([getattr(one, field.name) or np.inf for one in limits], np.float64)
                if np.isfinite(longest).any():
                    kept &= _measure(field.name, batch) <= longest[owner]
            return kept.astype(np.float64)

        done, seconds = completed_in(tables, runs, MEASURED, met)
        return rate(done, seconds, (np.asarray([not one.any for one in limits]), Missing.NOT_APPLICABLE))


GOODPUT = GoodputMetric(
    id="goodput",
    name="requests completed within the latency limits per second of wall time",
    unit=REQ_PER_S,
    formula="measured requests that ended usably and met every limit ÷ (last end − first planned start)",
    applicability="runs that declare latency limits; a limit on itl holds every gap, one on tpot their mean",
    higher_is_better=True,
    in_other_tools=(
        ("vLLM", "its request_goodput, with limits on ttft, tpot and e2el: the same, over the benchmark's duration"),
        ("guidellm", "has none"),
        ("AIPerf", "its goodput; a limit on inter_token_latency holds the mean gap, which is tpot here"),
        ("MLPerf", "has none: a run is valid only where its p99 meets the limits"),
    ),
)
