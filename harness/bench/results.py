"""What a sealed bench says of each load: medians over runs with their intervals, and why one is missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from ..datasets.read import Dataset
from ..design import Value
from ..metrics.definition import PRESENT
from ..metrics.runs import RunValues, per_run, per_runs
from ..outcomes import USABLE, Missing, NoValue
from ..stats.intervals.interval import interval
from ..stats.significance.gate import no_interval


@dataclass(frozen=True, slots=True)
class Asked:
    """One number of each load: ``within`` says how the requests of a run become one. ``tail`` marks percentiles,
    which a table leaves out where no load has enough requests for them."""

    name: str
    metric: str
    within: str
    heading: str
    tail: bool = False


ASKED = (
    Asked("ttft_ms", "ttft", "median", "TTFT ms"),
    Asked("ttft_p95_ms", "ttft", "p95", "TTFT p95", tail=True),
    Asked("ttft_p99_ms", "ttft", "p99", "TTFT p99", tail=True),
    Asked("first_answer_ms", "time_to_first_answer", "median", "first answer ms"),
    Asked("itl_ms", "itl", "median", "ITL ms"),
    Asked("itl_p99_ms", "itl", "p99", "ITL p99", tail=True),
    Asked("tpot_ms", "tpot", "pooled", "TPOT ms"),
    Asked("output_tok_per_s", "output_token_throughput", "mean", "tok/s"),
    Asked("req_per_s", "request_throughput", "mean", "req/s"),
    Asked("goodput_req_per_s", "goodput", "mean", "goodput req/s"),
    Asked("e2e_ms", "e2e_latency", "median", "E2E ms"),
    Asked("prompt_tokens", "prompt_tokens", "median", "prompt tok"),
    Asked("output_tokens", "output_tokens", "median", "output tok"),
    Asked("reasoning_tokens", "reasoning_tokens", "median", "reasoning tok"),
)


@dataclass(frozen=True, slots=True)
class Number:
    """The median over ``n`` runs with its 95 % interval; ``missing`` says why there is no number, or no interval."""

    median: float | None
    low: float | None
    high: float | None
    n: int
    missing: str | None


@dataclass(frozen=True, slots=True)
class LoadResult:
    """One load: its level, its measured requests, how many of them failed, and its numbers by name."""

    level: Value
    runs: int
    requests: int
    failed: int
    numbers: dict[str, Number]

    @property
    def failed_share(self) -> float:
        """From 0 to 1."""
        return self.failed / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True)
class PromptLengths:
    """Tokens of the measured prompts as the server counts them: the median over runs, the shortest and the longest."""

    median: float
    low: float
    high: float


def prompt_lengths(dataset: Dataset) -> PromptLengths | None:
    """``None`` where the server does not count them."""
    median, low, high = (
        per_run(dataset.runs, dataset.requests, "prompt_tokens", within=within, tables=dataset).present
        for within in ("median", "min", "max")
    )
    return PromptLengths(float(np.median(median)), float(low.min()), float(high.max())) if len(median) else None


def load_results(dataset: Dataset, factor: str, levels: Sequence[Value]) -> tuple[LoadResult, ...]:
    """The results of each of ``levels``, in their order."""
    found = metric_values(dataset)
    return tuple(_result(dataset, factor, level, found) for level in levels)


def metric_values(dataset: Dataset) -> dict[str, RunValues]:
    """The numbers of every run, by the name of what was asked."""
    found: dict[str, RunValues] = {}
    for within in dict.fromkeys(one.within for one in ASKED):
        asked = {one.name: one.metric for one in ASKED if one.within == within}
        tables = dataset.runs, dataset.requests
        values = per_runs(*tables, [*dict.fromkeys(asked.values())], within=within, tables=dataset)
        found |= {name: values[metric] for name, metric in asked.items()}
    return found


def _result(dataset: Dataset, factor: str, level: Value, found: dict[str, RunValues]) -> LoadResult:
    at_level = {name: values.take(values.columns[factor] == level) for name, values in found.items()}
    names = {str(run) for run in next(iter(at_level.values())).columns["run_id"]}
    requests = dataset.table("requests", ("run_id", "phase", "outcome"))
    rows = requests.filter(pc.equal(requests["phase"].cast("string"), "measured")).to_pylist()
    outcomes = [row["outcome"] for row in rows if row["run_id"] in names]
    return LoadResult(
        level=level,
        runs=len(names),
        requests=len(outcomes),
        failed=sum(outcome not in USABLE for outcome in outcomes),
        numbers={name: _number(values, _withheld(found[name])) for name, values in at_level.items()},
    )


def _withheld(values: RunValues) -> Missing | None:
    """Why the session bears no interval of this number, judged over all of its runs."""
    there = values.take(values.reason == PRESENT)
    return no_interval(there.values, there.columns["position"], there.columns["cell_id"])


def _number(values: RunValues, withheld: Missing | None) -> Number:
    present = values.present
    if not len(present):
        reasons = values.missing
        return Number(None, None, None, 0, max(reasons, key=lambda reason: reasons[reason], default=None))
    median = float(np.median(present))
    if withheld:
        return Number(median, None, None, len(present), withheld.value)
    try:
        bounds = interval(present)
    except NoValue as none:
        return Number(median, None, None, len(present), none.reason.value)
    return Number(median, bounds.low, bounds.high, len(present), None)


def as_csv(results: Iterable[LoadResult], factor: str) -> str:
    """One line a load: each number with its interval, in the units that the names say; empty where there is none."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    names = [column for one in ASKED for column in (one.name, f"{one.name}_low", f"{one.name}_high")]
    writer.writerow((factor, "runs", "requests", "failed", *names))
    for result in results:
        numbers = [result.numbers[one.name] for one in ASKED]
        flat = ["" if part is None else repr(part) for one in numbers for part in (one.median, one.low, one.high)]
        writer.writerow((result.level, result.runs, result.requests, result.failed, *flat))
    return stream.getvalue()
