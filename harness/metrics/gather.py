"""One pass over the table of requests that collects what each metric says about each run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import DatasetCorrupt, UsageError
from .batch import Batch, Floats, Ints
from .columns import batch_of, numpy_of
from .definition import PRESENT, REASONS, Codes, Metric, RateMetric, RequestMetric, TokenMetric

Requests: TypeAlias = pa.Table | Iterable[pa.RecordBatch]
"""The table of requests, or its batches in any order, read while they are used."""

OfRequests = RequestMetric | RateMetric | TokenMetric

_ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the requests of all runs say about one metric.

    ``values (k,)`` belong to the runs ``owner (k,)``; pooled rates keep their ``weights (k,)``, the denominators.
    ``tally (runs, reasons)`` counts the requests without a value by reason.
    """

    values: Floats
    owner: Ints
    weights: Floats | None
    tally: Ints


def gather(
    requests: Requests, metrics: Sequence[Metric], known: pa.StringArray, phase: str, *, pooled: bool
) -> dict[str, Gathered]:
    """Each request or token metric by id; ``known`` are the ids of the runs.

    Raises ``UsageError`` for pooling what is not a rate, and ``DatasetCorrupt`` for a request of no known run.
    """
    wanted = [m for m in metrics if isinstance(m, OfRequests)]
    parts: dict[str, list[Gathered]] = {m.id: [] for m in wanted}
    for batch, owner in _batches(requests, known, phase) if wanted else ():
        for m in wanted:
            parts[m.id].append(_collect(m, batch, owner, len(known), pooled=pooled))
    return {name: _joined(pieces, len(known)) for name, pieces in parts.items()}


def _batches(requests: Requests, known: pa.Array, phase: str) -> Iterator[tuple[Batch, Ints]]:
    """Requests with the index of their run, −1 outside ``phase``."""
    pieces = requests.to_batches(max_chunksize=_ROWS) if isinstance(requests, pa.Table) else requests
    for piece in pieces:
        owner = pc.index_in(piece["run_id"], value_set=known)
        if owner.null_count:
            raise DatasetCorrupt("a request belongs to no run of its dataset; re-fetch the dataset")
        chosen = numpy_of(pc.equal(piece["phase"].dictionary_decode(), phase))
        yield batch_of(piece), np.where(chosen, numpy_of(owner).astype(np.int64), -1)


def _collect(metric: OfRequests, batch: Batch, owner: Ints, size: int, *, pooled: bool) -> Gathered:
    if isinstance(metric, TokenMetric):
        gaps = metric.compute(batch)
        of_gap = owner[gaps.row]
        kept = of_gap >= 0
        return Gathered(gaps.values[kept], of_gap[kept], None, _tally(gaps.reason, owner, size))
    if isinstance(metric, RateMetric) and pooled:
        rate = metric.parts(batch)
        kept = (rate.reason == PRESENT) & (owner >= 0)
        tally = _tally(rate.reason, owner, size)
        return Gathered(rate.numerator[kept] * rate.scale, owner[kept], rate.denominator[kept], tally)
    if pooled:
        raise UsageError(f"metric {metric.id!r} is no rate and cannot be pooled; use within='mean' or 'median'")
    result = metric.compute(batch)
    kept = (result.reason == PRESENT) & (owner >= 0)
    return Gathered(result.values[kept], owner[kept], None, _tally(result.reason, owner, size))


def _tally(reason: Codes, owner: Ints, size: int) -> Ints:
    missing = (reason != PRESENT) & (owner >= 0)
    cells = owner[missing] * len(REASONS) + reason[missing]
    return np.bincount(cells, minlength=size * len(REASONS)).reshape(size, len(REASONS))


def _joined(pieces: Sequence[Gathered], size: int) -> Gathered:
    if not pieces:
        return Gathered(np.empty(0), np.empty(0, np.int64), None, np.zeros((size, len(REASONS)), np.int64))
    weights = [piece.weights for piece in pieces if piece.weights is not None]
    return Gathered(
        np.concatenate([piece.values for piece in pieces]),
        np.concatenate([piece.owner for piece in pieces]),
        np.concatenate(weights) if weights else None,
        np.sum([piece.tally for piece in pieces], axis=0),
    )
