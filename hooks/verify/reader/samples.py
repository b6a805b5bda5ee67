"""What each run of a sealed dataset says about a metric: its requests' numbers, grouped and reduced here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harness.metrics.batch import Batch
from harness.metrics.columns import batch_of
from harness.metrics.definition import (
    PRESENT,
    Gaps,
    Metric,
    RateMetric,
    RequestMetric,
    RunMetric,
    TablesMetric,
    TaskMetric,
    TokenMetric,
    WorkMetric,
)
from harness.metrics.work import work_of
from harness.stats.intervals.percentiles import minimum_n

from ..once import Once
from .dataset import Sealed

if TYPE_CHECKING:
    from harness.calibration.errors import CellError
    from harness.datasets.read import Dataset

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


def _median(numbers: Floats) -> float:
    """What numpy's median gives; for the few numbers of a run most of its time is not spent on them."""
    ordered = np.sort(numbers)
    if math.isnan(ordered[-1]):
        return math.nan
    return float((ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2)


SIMPLE: dict[str, Callable[[Floats], Any]] = {
    "mean": np.mean,
    "median": _median,
    "min": np.min,
    "max": np.max,
    "sum": np.sum,
}


class CannotAnswer(Exception):
    """A question that the sealed data cannot answer; the message says why."""


class Samples(Once):
    """The runs of one dataset. Every question about them is answered from rows, run by run."""

    def __init__(self, sealed: Sealed) -> None:
        super().__init__()
        self._sealed = sealed
        self._known: dict[tuple[str, str | None, str | None, str | None], dict[str, float]] = {}
        self._parts = {f"{one.folder.name}/": samples_of(one) for one in sealed.recordings}

    @cached_property
    def runs(self) -> list[dict[str, Any]]:
        """The table of runs, one dictionary a row."""
        rows: list[dict[str, Any]] = self._sealed.runs.to_pylist()
        return rows

    @cached_property
    def requests(self) -> list[dict[str, Any]]:
        """Which run each request belongs to and how it ended."""
        columns = ["run_id", "cell_id", "outcome", "outcome_code"]
        rows: list[dict[str, Any]] = self.table("requests", columns).to_pylist()
        return rows

    @property
    def digest(self) -> str:
        """The digest of the dataset."""
        return self._sealed.digest

    @cached_property
    def designs(self) -> dict[str, Any]:
        """What each session declared before it was recorded, by the prefix of its runs' ids."""
        if not self._sealed.recordings:
            return {"": self._sealed.manifest["design"]}
        return {f"{one.folder.name}/": one.manifest["design"] for one in self._sealed.recordings}

    @cached_property
    def hosts(self) -> dict[str, str | None]:
        """The machine of each session, by the prefix of its runs' ids."""
        if not self._sealed.recordings:
            return {"": self._sealed.manifest["environment"].get("host_id")}
        return {f"{one.folder.name}/": one.manifest["environment"].get("host_id") for one in self._sealed.recordings}

    def proof(self, factor: str) -> str | None:
        """The engine's setting that proves a level of ``factor``, as the study declared it."""
        declared = self._sealed.manifest["design"]["factors"]
        return next((item["effective"] for item in declared if item["name"] == factor), None)

    def per_run(
        self, metric: Metric, phase: str | None, within: str | None, prompt: str | None = None
    ) -> dict[str, float]:
        """The number of every run that has one, by run id; that of one ``prompt``'s requests, where it is named.

        Raises ``CannotAnswer``.
        """
        key = (metric.id, phase, within, prompt)
        if key not in self._known:
            if self._parts:
                self._known[key] = self._of_sessions(metric, phase, within, prompt)
            elif isinstance(metric, RunMetric | TablesMetric):
                self._known[key] = self._of_runs(metric)
            elif isinstance(metric, TaskMetric):
                self._known[key] = self._of_tasks(metric, within)
            else:
                self._known[key] = self._of_requests(metric, phase, within, prompt)
        return self._known[key]

    def _of_sessions(
        self, metric: Metric, phase: str | None, within: str | None, prompt: str | None
    ) -> dict[str, float]:
        """The numbers of the runs of every session: each is asked once, though several versions have it."""
        return {
            f"{session}{run}": number
            for session, samples in self._parts.items()
            for run, number in samples.per_run(metric, phase, within, prompt).items()
        }

    def _of_runs(self, metric: RunMetric | TablesMetric) -> dict[str, float]:
        runs = self._sealed.runs
        if isinstance(metric, RunMetric):
            found = metric.compute(runs)
        elif isinstance(metric, WorkMetric):
            found = metric.of_works(self.once("works", lambda: tuple(work_of(self, runs))))
        else:
            found = metric.of(runs, self)
        pairs = zip(self.runs, found.values, found.reason, strict=True)
        return {row["run_id"]: float(number) for row, number, reason in pairs if reason == PRESENT}

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table of the dataset, as metrics of readings ask for it."""
        return self._sealed.table(f"{name}.parquet", columns)

    def rows(self, name: str, run: str) -> list[dict[str, Any]]:
        """The rows of one run in a table, one dictionary a row."""
        session = f"{run.partition('/')[0]}/"
        if session in self._parts:
            return self._parts[session].rows(name, run.removeprefix(session))
        return self.once(("rows", name, run), lambda: self._of_run(name, run))

    def _of_run(self, name: str, run: str) -> list[dict[str, Any]]:
        found = self.table(name)
        rows: list[dict[str, Any]] = found.filter(pc.equal(found["run_id"], run)).to_pylist()
        return rows

    def _of_tasks(self, metric: TaskMetric, within: str | None) -> dict[str, float]:
        try:
            tasks = self.table("tasks")
        except KeyError:  # recorded before there were tasks
            return {}
        tasks = self.once(("measured", metric.alone), lambda: _measured(tasks, alone=metric.alone))
        found = metric.compute(tasks)
        by_run: dict[str, list[float]] = {}
        for run, number, reason in zip(tasks["run_id"].to_pylist(), found.values, found.reason, strict=True):
            if reason == PRESENT:
                by_run.setdefault(run, []).append(float(number))
        if within == "pooled":
            raise CannotAnswer(f"metric {metric.id} is no rate and cannot be pooled")
        reduced = ((run, _reduce(np.array(numbers), within)) for run, numbers in by_run.items())
        return {run: number for run, number in reduced if number is not None}

    def _of_requests(
        self, metric: Metric, phase: str | None, within: str | None, prompt: str | None
    ) -> dict[str, float]:
        if within == "pooled" and isinstance(metric, RateMetric):
            rate = metric.parts(self._batch)
            there = np.flatnonzero(rate.reason == PRESENT)
            tops = dict(self._by_run(rate.numerator[there] * rate.scale, there, phase, prompt))
            bottoms = dict(self._by_run(rate.denominator[there], there, phase, prompt))
            return {run: float(np.sum(top) / np.sum(bottoms[run])) for run, top in tops.items()}
        numbers, rows = self._numbers(metric, pooled=within == "pooled")
        reduced = ((run, _reduce(group, within)) for run, group in self._by_run(numbers, rows, phase, prompt))
        return {run: number for run, number in reduced if number is not None}

    def _numbers(self, metric: Metric, *, pooled: bool) -> tuple[Floats, Rows]:
        """The metric's numbers and the request that each belongs to."""
        if isinstance(metric, TokenMetric):
            return self.once(("gaps", metric.id), lambda: _of_gaps(metric.compute(self._batch)))
        if pooled or not isinstance(metric, RequestMetric | RateMetric):
            raise CannotAnswer(f"metric {metric.id} is no rate and cannot be pooled")
        found = self.once(("metric", metric.id), lambda: metric.compute(self._batch))
        numbers, known = found.values, found.reason == PRESENT
        if isinstance(metric, RequestMetric) and metric.failed_is_longest:
            failed = ~self._batch.usable
            numbers, known = np.where(failed, np.inf, numbers), known | failed
        there = np.flatnonzero(known)
        return numbers[there], there

    def _by_run(
        self, numbers: Floats, rows: Rows, phase: str | None, prompt: str | None
    ) -> Iterator[tuple[str, Floats]]:
        asked = self._phases == phase
        if prompt is not None:
            asked &= self._prompts == prompt
        wanted = asked[rows]
        names, places = self._owners
        numbers, owners = numbers[wanted], places[rows[wanted]]
        order = np.argsort(owners, kind="stable")
        ids, starts = np.unique(owners[order], return_index=True)
        yield from zip(names[ids].tolist(), np.split(numbers[order], starts[1:]), strict=False)

    @cached_property
    def calibrated(self) -> tuple[CellError, ...]:
        """The errors of the instrument at every load, where this is a calibration."""
        from harness.calibration.errors import cell_errors

        return cell_errors(cast("Dataset", self._sealed))

    @cached_property
    def _batch(self) -> Batch:
        return batch_of(self._sealed.requests.combine_chunks())

    @cached_property
    def _owners(self) -> tuple[npt.NDArray[Any], Rows]:
        """The names of the runs in order, and the place among them of each request's."""
        names = np.array(self._sealed.requests["run_id"].to_pylist(), dtype=np.str_)
        found, places = np.unique(names, return_inverse=True)
        return found, places.astype(np.intp)

    @cached_property
    def _phases(self) -> npt.NDArray[Any]:
        return np.array(self._sealed.requests["phase"].to_pylist(), dtype=np.str_)

    @cached_property
    def _prompts(self) -> npt.NDArray[Any]:
        return np.array(self._sealed.requests["prompt_id"].to_pylist(), dtype=np.str_)


@lru_cache(maxsize=1024)
def samples_of(sealed: Sealed) -> Samples:
    """The runs of a dataset that has just been re-hashed; equal hashes mean equal runs."""
    return Samples(sealed)


def _of_gaps(gaps: Gaps) -> tuple[Floats, Rows]:
    return gaps.values, gaps.row.astype(np.intp)


def _reduce(numbers: Floats, within: str | None) -> float | None:
    """One run's numbers as one; null where there are too few for the percentile, or a failed request decides it."""
    if np.isinf(numbers).any() and within not in ("min", "pooled"):
        return _of_those_that_waited(np.sort(numbers), within)
    if within in SIMPLE or within == "pooled":
        return float(SIMPLE["mean" if within == "pooled" else str(within)](numbers))
    try:
        share = float((within or "").removeprefix("p")) / 100
    except ValueError:
        raise CannotAnswer(f"no reduction is called {within!r}") from None
    return float(np.quantile(numbers, share)) if len(numbers) >= minimum_n(share) else None


def _of_those_that_waited(ordered: Floats, within: str | None) -> float | None:
    """A percentile of ``ordered`` waits of which the last are without end; null where it is among these."""
    if within in ("mean", "max", "sum"):
        return None
    share = 0.5 if within == "median" else float((within or "").removeprefix("p")) / 100
    if within != "median" and len(ordered) < minimum_n(share):
        return None
    finite = ordered[np.isfinite(ordered)]
    place = share * (len(ordered) - 1)
    if math.ceil(place) >= len(finite):
        return None
    return float(np.interp(place, np.arange(len(finite)), finite))


def _measured(tasks: pa.Table, *, alone: bool) -> pa.Table:
    """The measured tasks that ran with all agents of their run, or ``alone``; before schema 3 all ran with all."""
    if "round" not in tasks.column_names or tasks["round"].null_count:
        return tasks.slice(0, 0) if alone else tasks
    rows = tasks.select(["run_id", "round", "phase"]).to_pylist()
    sizes: dict[tuple[str, int], int] = {}
    for row in rows:
        sizes[row["run_id"], row["round"]] = sizes.get((row["run_id"], row["round"]), 0) + 1
    most: dict[str, int] = {}
    for (run, _), size in sizes.items():
        most[run] = max(size, most.get(run, 0))
    kept = [
        row["phase"] == "measured" and (sizes[row["run_id"], row["round"]] < most[row["run_id"]]) is alone
        for row in rows
    ]
    return tasks.filter(pa.array(kept, pa.bool_()))
