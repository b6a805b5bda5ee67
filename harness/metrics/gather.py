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
from .definition import PRESENT, REASONS, Codes, Metric, RateMetric, RequestMetric, TaskMetric, TokenMetric

OfRequests = RequestMetric | RateMetric | TokenMetric

_ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """Some requests as columns: the index of each one's run, and its phase as a code into ``phases``."""

    batch: Batch
    owner: Ints
    code: Ints
    phases: tuple[str, ...]

    def of(self, phase: str) -> Ints:
        """The index of each request's run, −1 outside ``phase``."""
        if phase not in self.phases:
            return np.full(len(self.owner), -1)
        return np.where(self.code == self.phases.index(phase), self.owner, -1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All requests of a dataset as columns, made once for many metrics."""

    parts: tuple[Part, ...]


Requests: TypeAlias = pa.Table | Iterable[pa.RecordBatch] | Prepared
"""The table of requests, its batches in any order, read while they are used, or what ``prepare`` made of them."""


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
    for part in _parts(requests, known) if wanted else ():
        owner = part.of(phase)
        for m in wanted:
            parts[m.id].append(_collect(m, part.batch, owner, len(known), pooled=pooled))
    return {name: _joined(pieces, len(known)) for name, pieces in parts.items()}


def prepare(requests: Requests, known: pa.StringArray) -> Prepared:
    """The requests of the runs ``known`` as columns. Raises ``DatasetCorrupt`` for a request of another run."""
    return Prepared(tuple(_parts(requests, known)))


def _parts(requests: Requests, known: pa.StringArray) -> Iterator[Part]:
    if isinstance(requests, Prepared):
        yield from requests.parts
        return
    for piece in requests.to_batches(max_chunksize=_ROWS) if isinstance(requests, pa.Table) else requests:
        owner = pc.index_in(piece["run_id"], value_set=known)
        if owner.null_count:
            raise DatasetCorrupt("a request belongs to no run of its dataset; re-fetch the dataset")
        phase = piece["phase"]
        code, phases = numpy_of(phase.indices).astype(np.int64), tuple(phase.dictionary.to_pylist())
        yield Part(batch_of(piece), numpy_of(owner).astype(np.int64), code, phases)


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
        raise not_pooled(metric)
    result = metric.compute(batch)
    values, there = result.values, result.reason == PRESENT
    if isinstance(metric, RequestMetric) and metric.failed_is_longest:
        values, there = np.where(batch.usable, values, np.inf), there | ~batch.usable
    kept = there & (owner >= 0)
    return Gathered(values[kept], owner[kept], None, _tally(result.reason, owner, size))


def not_pooled(metric: Metric) -> UsageError:
    """What asking for a ratio of sums of something else than a rate is told."""
    return UsageError(f"metric {metric.id!r} is no rate and cannot be pooled; use within='mean' or 'median'")


def gather_tasks(tasks: pa.Table, metric: TaskMetric, known: pa.StringArray) -> Gathered:
    """What the tasks of all runs say about a metric. Raises ``DatasetCorrupt`` for a task of no known run."""
    if pc.index_in(tasks["run_id"], value_set=known).null_count:
        raise DatasetCorrupt("a task belongs to no run of its dataset; re-fetch the dataset")
    tasks = metric.chosen(tasks)
    owner = pc.index_in(tasks["run_id"], value_set=known)
    of_run, result = numpy_of(owner).astype(np.int64), metric.compute(tasks)
    kept = result.reason == PRESENT
    return Gathered(result.values[kept], of_run[kept], None, _tally(result.reason, of_run, len(known)))


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
