"""Many values of one run become one: the run is the unit of statistics."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..errors import UsageError
from ..outcomes import Missing
from ..stats.intervals.percentiles import minimum_n
from .batch import Floats, Ints
from .definition import Codes, code_of

SIMPLE = ("mean", "median", "min", "max", "sum")
POOLED = "pooled"
LONG = 32
"""Values in a run, on average, from which on its sort is worth a call of its own."""


def quantile_of(within: str) -> float:
    """``"p99"`` is 0.99, ``"median"`` 0.5. Raises ``UsageError`` for what is not a percentile."""
    text = "50" if within == "median" else within.removeprefix("p")
    if within != "median" and (not within.startswith("p") or not text.replace(".", "", 1).isdecimal()):
        raise UsageError(f"unknown reduction {within!r}; use {', '.join(SIMPLE)}, {POOLED} or a percentile like p95")
    quantile = float(text) / 100
    if not 0 < quantile < 1:
        raise UsageError(f"{within!r} is not a percentile; use one between p0 and p100, both excluded")
    return quantile


def reduce_by(values: Floats, owner: Ints, size: int, within: str) -> Floats:
    """``values (k,)`` of the runs ``owner (k,)`` as one number for each of ``size`` runs, NaN where none.

    A value may be infinite: that of a request that failed, where it counts as the longest.
    """
    counts = np.bincount(owner, minlength=size)
    if within in ("mean", "sum"):
        sums: Floats = np.bincount(owner, weights=values, minlength=size).astype(np.float64)
        sums[counts == 0] = np.nan
        return np.divide(sums, counts, out=sums, where=counts > 0) if within == "mean" else sums
    starts: Ints = np.cumsum(counts, dtype=np.int64) - counts
    ordered = _ordered(values, owner, starts)
    if within in ("min", "max"):
        return _at(ordered, starts + (0 if within == "min" else counts - 1), counts)
    return _quantile(ordered, starts, counts, quantile_of(within))


def _ordered(values: Floats, owner: Ints, starts: Ints) -> Floats:
    """``values`` run by run, each run's in ascending order. Long runs are sorted one by one, which is far faster."""
    if len(values) < LONG * len(starts):
        return np.asarray(values[np.lexsort((values, owner))])
    by_run = bool((owner[1:] >= owner[:-1]).all())
    ordered: Floats = values.copy() if by_run else values[np.argsort(owner, kind="stable")]
    for first, last in pairwise((*starts.tolist(), len(ordered))):
        ordered[first:last].sort()
    return ordered


def _quantile(ordered: Floats, starts: Ints, counts: Ints, quantile: float) -> Floats:
    """Linear interpolation between order statistics (Hyndman and Fan's type 7), run by run."""
    rank = np.maximum(counts - 1, 0) * quantile
    below = np.floor(rank).astype(np.int64)
    low = _at(ordered, starts + below, counts)
    high = _at(ordered, starts + np.minimum(below + 1, np.maximum(counts - 1, 0)), counts)
    share = rank - below
    with np.errstate(invalid="ignore"):
        return np.where((share == 0) | np.isinf(low), low, low + (high - low) * share)


def _at(ordered: Floats, index: Ints, counts: Ints) -> Floats:
    picked = np.full(len(counts), np.nan)
    some = counts > 0
    picked[some] = ordered[index[some]]
    return picked


def too_few(counts: Ints, within: str) -> Codes:
    """Where a run has some values but too few for this percentile, shape ``(runs,)``."""
    codes = np.zeros(len(counts), np.int8)
    if within not in (*SIMPLE, POOLED):
        codes[(counts > 0) & (counts < minimum_n(quantile_of(within)))] = code_of(Missing.TOO_FEW_SAMPLES)
    return codes
