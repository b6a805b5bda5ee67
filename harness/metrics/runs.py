"""From requests to runs: one value, or one reason, for each run of a dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..design.factor import RUN_COLUMNS
from ..errors import UsageError
from ..outcomes import Missing
from ..units import RATIO, Unit
from . import metric as metric_named
from .batch import Bools, Floats, Ints
from .columns import numpy_of, one_array, usable
from .definition import PRESENT, REASONS, Codes, Metric, RunMetric, TablesMetric, TaskMetric, code_of
from .gather import Gathered, Prepared, Requests, gather, gather_tasks, not_pooled, prepare
from .readings import Tables
from .reduce import POOLED, quantile_of, reduce_by, too_few

Column = npt.NDArray[np.generic]
Level = str | int | float | bool

LEVEL_PREFIX = "level."


@dataclass(frozen=True, slots=True)
class RunValues:
    """A metric of ``n`` runs, in the order of the table of runs.

    ``values``: float64 ``(n,)``, finite exactly where ``reason`` (int8 codes into ``REASONS``) is ``PRESENT``.
    ``requests``: how many requests (or gaps, for a token metric) stand behind each value. ``columns``: what can
    be filtered by, each of shape ``(n,)``: ``run_id``, ``cell_id``, ``block``, ``position``, ... and every factor
    under its own name.
    """

    metric_id: str
    unit: Unit
    phase: str
    within: str
    values: Floats
    reason: Codes
    requests: Ints
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def present(self) -> Floats:
        """The values that exist, in session order."""
        there = self.take(self.reason == PRESENT)
        values: Floats = there.values[np.argsort(there.columns["position"], kind="stable")]
        return values

    @property
    def missing(self) -> dict[Missing, int]:
        """How many runs have no value, by reason."""
        codes, counts = np.unique(self.reason[self.reason != PRESENT], return_counts=True)
        named = ((REASONS[code], int(count)) for code, count in zip(codes, counts, strict=True))
        return {reason: count for reason, count in named if reason is not None}

    def record(self) -> dict[str, list[Any]]:
        """The numbers as JSON-ready data; a missing value is null."""
        there = (self.reason == PRESENT).tolist()
        values = [number if known else None for number, known in zip(self.values.tolist(), there, strict=True)]
        return {"values": values, "reason": self.reason.tolist(), "requests": self.requests.tolist()}

    @classmethod
    def of_record(
        cls, record: Mapping[str, list[Any]], metric: Metric, phase: str, within: str, columns: Mapping[str, Column]
    ) -> Self:
        """What ``record`` described of a metric of runs with these ``columns``."""
        values = np.array(record["values"], np.float64)
        reason, requests = np.array(record["reason"], np.int8), np.array(record["requests"], np.int64)
        return cls(metric.id, metric.unit, phase, within, values, reason, requests, columns)

    def over(self, other: RunValues) -> RunValues:
        """Each run's value over the same run's in ``other``, as where a first request is set against later ones.

        Missing where either is, or where the divisor is zero (``NOT_APPLICABLE``).
        """
        reason = np.where(self.reason == PRESENT, other.reason, self.reason)
        reason[(reason == PRESENT) & (other.values == 0)] = code_of(Missing.NOT_APPLICABLE)
        values = np.full(len(self), np.nan)
        np.divide(self.values, other.values, out=values, where=reason == PRESENT)
        phase = f"{self.phase}/{other.phase}"
        counts = self.requests + other.requests
        return replace(self, unit=RATIO, phase=phase, values=values, reason=reason, requests=counts)

    def take(self, mask: Bools) -> RunValues:
        """The runs where ``mask (n,)`` holds."""
        return replace(
            self,
            values=self.values[mask],
            reason=self.reason[mask],
            requests=self.requests[mask],
            columns={name: column[mask] for name, column in self.columns.items()},
        )


def per_run(
    runs: pa.Table,
    requests: Requests,
    metric_id: str,
    *,
    phase: str = "measured",
    within: str = "mean",
    tables: Tables | None = None,
) -> RunValues:
    """One metric for every run; see ``per_runs``."""
    return per_runs(runs, requests, (metric_id,), phase=phase, within=within, tables=tables)[metric_id]


def per_runs(
    runs: pa.Table,
    requests: Requests,
    metric_ids: Sequence[str],
    *,
    phase: str = "measured",
    within: str = "mean",
    tables: Tables | None = None,
) -> dict[str, RunValues]:
    """Metrics by id for every run, in one pass over the requests: a table, record batches with at least ``run_id``,
    ``phase`` and ``columns.COLUMNS``, which are read one by one where a table would not fit, or ``prepared`` ones.

    ``within`` reduces the requests of a run: ``mean``, ``median``, ``min``, ``max``, ``sum``, ``pooled`` (a rate's
    ratio of sums) or a percentile like ``p95``, which is missing (``TOO_FEW_SAMPLES``) below its n; the tasks of a run
    alike. Where the wait of a failed request would decide the number, there is none (``REQUEST_FAILED``). ``tables``
    are those of the dataset; metrics of readings or tasks need them. A run that was not usable has no value
    (``RUN_FAILED``). Raises ``UnknownName``, ``UsageError``.
    """
    metrics = [metric_named(name) for name in metric_ids]
    if within not in ("mean", "sum", "min", "max", POOLED):
        quantile_of(within)
    known = one_array(runs["run_id"])
    gathered = gather(requests, metrics, known, phase, pooled=within == POOLED)
    for m in metrics:
        if isinstance(m, TaskMetric):
            if within == POOLED:
                raise not_pooled(m)
            gathered[m.id] = gather_tasks(_tables(m, tables).table("tasks"), m, known)
    return {m.id: _values(runs, m, gathered.get(m.id), phase, within, tables) for m in metrics}


def prepared(runs: pa.Table, requests: Requests) -> Prepared:
    """The requests, ready for many metrics of the same ``runs``."""
    return prepare(requests, one_array(runs["run_id"]))


def _tables(metric: Metric, tables: Tables | None) -> Tables:
    if tables is None:
        raise UsageError(f"metric {metric.id!r} is not of requests; give the tables of the dataset")
    return tables


def _values(
    runs: pa.Table, metric: Metric, gathered: Gathered | None, phase: str, within: str, tables: Tables | None
) -> RunValues:
    if gathered is None:
        values, reason, counts = _of_runs(runs, metric, tables)
    else:
        values, reason, counts = _reduced(gathered, runs.num_rows, within)
    values, reason = _without_failed(runs, values, reason)
    return RunValues(
        metric_id=metric.id,
        unit=metric.unit,
        phase=phase,
        within=within,
        values=values,
        reason=reason,
        requests=counts,
        columns=columns_of(runs),
    )


def _of_runs(runs: pa.Table, metric: Metric, tables: Tables | None) -> tuple[Floats, Codes, Ints]:
    if isinstance(metric, TablesMetric):
        result = metric.of(runs, _tables(metric, tables))
    elif isinstance(metric, RunMetric):
        result = metric.compute(runs)
    else:
        raise TypeError(f"metric {metric.id!r} is of no known kind")
    return result.values, result.reason, np.zeros(runs.num_rows, np.int64)


def _reduced(gathered: Gathered, size: int, within: str) -> tuple[Floats, Codes, Ints]:
    counts = np.bincount(gathered.owner, minlength=size)
    if within == POOLED and gathered.weights is not None:
        tops = reduce_by(gathered.values, gathered.owner, size, "sum")
        values = tops / reduce_by(gathered.weights, gathered.owner, size, "sum")
    else:
        values = reduce_by(gathered.values, gathered.owner, size, "mean" if within == POOLED else within)
    reason = too_few(counts, within)
    reason[counts == 0] = _why_none(gathered)[counts == 0]
    reason[(reason == PRESENT) & np.isinf(values)] = code_of(Missing.REQUEST_FAILED)
    return np.where(reason == PRESENT, values, np.nan), reason, counts


def _why_none(gathered: Gathered) -> Codes:
    """The most frequent reason among a run's requests; a run without requests in the phase has none to ask."""
    missing = gathered.tally[:, PRESENT + 1 :]
    codes: Codes = (missing.argmax(axis=1) + PRESENT + 1).astype(np.int8)
    codes[missing.sum(axis=1) == 0] = code_of(Missing.NOT_APPLICABLE)
    return codes


def _without_failed(runs: pa.Table, values: Floats, reason: Codes) -> tuple[Floats, Codes]:
    good = usable(runs["outcome"])
    return np.where(good, values, np.nan), np.where(good, reason, code_of(Missing.RUN_FAILED)).astype(np.int8)


def columns_of(runs: pa.Table) -> dict[str, Column]:
    """What runs can be filtered by, each of shape ``(n,)``."""
    kept = [name for name in runs.column_names if name in RUN_COLUMNS or name.startswith(LEVEL_PREFIX)]
    return {name.removeprefix(LEVEL_PREFIX): numpy_of(runs[name]) for name in kept}


def select(values: RunValues, filters: Mapping[str, Level | Collection[Level]]) -> RunValues:
    """The runs whose columns have the given value, or one of the given values.

    Keys are factor names or ``RUN_COLUMNS``. Raises ``UsageError`` for another key.
    """
    mask = np.ones(len(values), np.bool_)
    for name, wanted in filters.items():
        if name not in values.columns:
            raise UsageError(f"cannot filter by {name!r}; choose one of: {', '.join(sorted(values.columns))}")
        levels = [wanted] if isinstance(wanted, str | int | float) else list(wanted)
        column = values.columns[name]
        mask &= np.logical_or.reduce([column == level for level in levels], axis=0) if levels else False
    return values.take(mask)
