"""Asks a sealed dataset a question and gets a ``Value``; nothing else makes measured values.

A question names a metric, the levels to keep, the phase of the requests, how the requests of a run become one
number (``within``) and how the runs become the estimate (``across``). The run is the unit of statistics.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from functools import cached_property
from typing import Any, get_args

import numpy as np
import pyarrow as pa
from pydantic import TypeAdapter

from harness.datasets.read import Dataset
from harness.design import level_key
from harness.errors import UsageError
from harness.metrics import metric as metric_named
from harness.metrics.columns import COLUMNS
from harness.metrics.definition import Metric, RateMetric, RunMetric
from harness.metrics.gather import Requests
from harness.metrics.runs import RunValues, per_runs, prepared, select
from harness.outcomes import Missing
from harness.stats.intervals.interval import Statistic, estimate
from harness.units import ONE, Unit

from ..values.selector import Interval, Level, Sample, Selector, Strength
from ..values.value import Value, absent
from .answers import Answers

Where = Mapping[str, Level | Iterable[Level]]
STATISTICS = get_args(Statistic)
VALUE: TypeAdapter[Value] = TypeAdapter(Value)
LEVELS: TypeAdapter[tuple[Level, ...]] = TypeAdapter(tuple[Level, ...])
OUTCOMES: TypeAdapter[tuple[tuple[tuple[str, str | None], int], ...]] = TypeAdapter(
    tuple[tuple[tuple[str, str | None], int], ...]
)


class Measurements:
    """One sealed dataset, ready to be asked. Each metric is computed once for all runs.

    ``other_recording`` marks another recording of the study than the first one on the page (see ``Selector``). What was
    ``answered`` before is not computed again.
    """

    def __init__(self, dataset: Dataset, *, other_recording: bool = False, answered: Answers | None = None) -> None:
        self.dataset = dataset
        self.other_recording = other_recording
        self.answers = answered or Answers()
        self._computed: dict[tuple[str, str, str], RunValues] = {}
        self._settings: list[dict[str, Any]] | None = None

    def value(
        self,
        metric_id: str,
        where: Where | None = None,
        *,
        phase: str = "measured",
        within: str | None = None,
        across: Statistic = "median",
    ) -> Value:
        """The estimate over the runs that ``where`` keeps, with an interval where there are enough of them.

        The phase ``cold/measured`` asks for each run's value in cold requests over its value in measured ones.
        Raises ``UnknownName`` and ``UsageError`` for a question that makes no sense; a question without an
        answer gives a value that is missing, with the reason.
        """
        if across not in STATISTICS:
            raise UsageError(f"unknown statistic {across!r}; use one of: {', '.join(STATISTICS)}")
        metric = metric_named(metric_id)
        reduction = within or usual_reduction(metric)
        question = ["value", metric_id, canonical(where), phase, reduction, across, self.other_recording]
        return self.answers.of(question, VALUE, lambda: self._value(metric, where, phase, reduction, across))

    def _value(self, metric: Metric, where: Where | None, phase: str, reduction: str, across: Statistic) -> Value:
        of_run = isinstance(metric, RunMetric)
        runs = select(self.runs(metric.id, phase, reduction), plain(where))
        selector = Selector(
            self.dataset.label,
            self.dataset.digest,
            metric.id,
            metric.version,
            canonical(where),
            None if of_run else phase,
            None if of_run else reduction,
            across,
            other_recording=self.other_recording,
        )
        return _estimate(runs, selector, metric, across)

    def count(
        self, table: str = "runs", where: Where | None = None, *, outcome: str | None = None, code: str | None = None
    ) -> Value:
        """How many runs, requests of runs, or cells there are: all of them, or those that ended so."""
        question = ["count", table, canonical(where), outcome, code, self.other_recording]
        return self.answers.of(question, VALUE, lambda: self._count(table, where, outcome, code))

    def _count(self, table: str, where: Where | None, outcome: str | None, code: str | None) -> Value:
        kept = {str(run) for run in self._kept(where).columns["run_id"]}
        rows = self._requests if table == "requests" else self.dataset.runs
        named = "cell_id" if table == "cells" else "run_id"
        columns = [rows[name].cast("string").to_pylist() for name in ("run_id", "outcome", "outcome_code", named)]
        found = [
            item
            for run, ended, why, item in zip(*columns, strict=True)
            if run in kept and outcome in (None, ended) and code in (None, why)
        ]
        counted = len(set(found)) if table == "cells" else len(found)
        selector = self._about(f"count.{table}", where, outcome, code)
        meaning = f"number of {table}" + (f" that ended {outcome}" if outcome else "")
        return Value(counted, ONE, Strength.MEASURED, selector=selector, definition=meaning, decimals=0)

    def effective(self, key: str, where: Where | None = None, unit: Unit = ONE) -> Value:
        """The one number that the engine reported for a setting in all runs kept; missing where they differ."""
        question = ["effective", key, canonical(where), str(unit), self.other_recording]
        return self.answers.of(question, VALUE, lambda: self._one_effective(key, where, unit))

    def _one_effective(self, key: str, where: Where | None, unit: Unit) -> Value:
        selector = self._about(f"effective.{key}", where)
        meaning = f"the setting {key} as the engine reported it"
        reported = {level_key(level): level for level in self.reported(key, where)}
        if len(reported) != 1:
            return absent("the runs differ" if reported else Missing.NOT_REPORTED, unit, selector, meaning)
        (level,) = reported.values()
        if not isinstance(level, int | float) or isinstance(level, bool):
            return absent("not a number", unit, selector, meaning)
        n = len(self._kept(where))
        return Value(
            level, unit, Strength.MEASURED, n=n, selector=selector, definition=meaning, decimals=_digits(level)
        )

    def reported(self, key: str, where: Where | None = None) -> tuple[Level, ...]:
        """The different values that the engine reported for a setting, in the order of their first run."""
        return self.answers.of(["reported", key, canonical(where)], LEVELS, lambda: self._reported(key, where))

    def _reported(self, key: str, where: Where | None) -> tuple[Level, ...]:
        kept = {str(run) for run in self._kept(where).columns["run_id"]}
        found = (row.get(key) for run, row in self._effective() if run in kept)
        return tuple({level_key(level): level for level in found if level is not None}.values())

    def levels(self, factor: str) -> tuple[Level, ...]:
        """The levels of a factor that were recorded, in the order in which the study declares them."""
        return self.answers.of(["levels", factor], LEVELS, lambda: self._levels(factor))

    def _levels(self, factor: str) -> tuple[Level, ...]:
        found = dict.fromkeys(map(native, self._kept(None).columns[factor]))
        recorded = {level_key(level): level for level in found}
        design: Any = self.dataset.manifest.design
        declared = next(item["levels"] for item in design["factors"] if item["name"] == factor)
        return tuple(recorded[level_key(level)] for level in declared if level_key(level) in recorded)

    def outcomes(self) -> Counter[tuple[str, str | None]]:
        """How many runs ended how, by outcome and code."""
        counted = self.answers.of(["outcomes"], OUTCOMES, self._outcomes)
        return Counter(dict(counted))

    def _outcomes(self) -> tuple[tuple[tuple[str, str | None], int], ...]:
        runs = self.dataset.runs
        pairs = zip(runs["outcome"].to_pylist(), runs["outcome_code"].to_pylist(), strict=True)
        return tuple(Counter(pairs).items())

    def runs(self, metric_id: str, phase: str, within: str) -> RunValues:
        """A metric of every run, computed once. ``cold/measured`` is that of cold requests over the measured ones'."""
        key = (metric_id, phase, within)
        if key not in self._computed:
            above, _, below = phase.partition("/")
            if below:
                self._computed[key] = self.runs(metric_id, above, within).over(self.runs(metric_id, below, within))
            else:
                tables = self.dataset.runs, self._prepared
                self._computed[key] = per_runs(*tables, (metric_id,), phase=phase, within=within)[metric_id]
        return self._computed[key]

    @cached_property
    def _prepared(self) -> Requests:
        return prepared(self.dataset.runs, self._requests)

    @cached_property
    def _requests(self) -> pa.Table:
        return self.dataset.table("requests", ("run_id", "cell_id", "phase", "outcome_code", *COLUMNS))

    def _kept(self, where: Where | None) -> RunValues:
        return select(self.runs("load_time", "measured", "mean"), plain(where))

    def _effective(self) -> Iterable[tuple[str, dict[str, Any]]]:
        runs = self.dataset.runs
        if self._settings is None:
            self._settings = [json.loads(text or "{}") for text in runs["effective"].to_pylist()]
        return zip(runs["run_id"].to_pylist(), self._settings, strict=True)

    def _about(self, what: str, where: Where | None, outcome: str | None = None, code: str | None = None) -> Selector:
        label, digest = self.dataset.label, self.dataset.digest
        kept = canonical(where)
        return Selector(label, digest, what, 1, kept, outcome=outcome, code=code, other_recording=self.other_recording)


def _estimate(runs: RunValues, selector: Selector, metric: Metric, across: Statistic) -> Value:
    meaning = f"{metric.name}: {metric.formula}"
    present = runs.present
    if not len(present):
        reason = max(runs.missing.items(), key=lambda item: item[1])[0] if runs.missing else Missing.NOT_APPLICABLE
        return absent(reason, runs.unit, selector, meaning)
    numbers = tuple(None if np.isnan(number) else float(number) for number in runs.values)
    cells, ids = (tuple(str(item) for item in runs.columns[name]) for name in ("cell_id", "run_id"))
    found = estimate(present, across)
    return Value(
        found.value,
        runs.unit,
        Strength.MEASURED,
        Interval(*astuple(found.interval)) if found.interval else None,
        found.n,
        selector=selector,
        definition=meaning,
        caution=_caution(runs, found.missing),
        sample=Sample(cells, ids, numbers, across),
    )


def _caution(runs: RunValues, no_interval: Missing | None) -> str:
    notes = ["too few runs for an interval"] if no_interval else []
    notes += [f"some runs have no value: {reason.replace('_', ' ')}" for reason in sorted(runs.missing)]
    return "; ".join(notes)


def usual_reduction(metric: Metric) -> str:
    """How the requests of a run become one number where nothing else is asked for."""
    return "pooled" if isinstance(metric, RateMetric) else "median"


def plain(where: Where | None) -> dict[str, list[Level]]:
    """Filters as lists of levels."""
    return {name: list(levels) for name, levels in canonical(where)}


def canonical(where: Where | None) -> tuple[tuple[str, tuple[Level, ...]], ...]:
    """Filters in the order of their names, so that one question has one form."""
    return tuple((name, _levels(chosen)) for name, chosen in sorted((where or {}).items()))


def _levels(chosen: Level | Iterable[Level]) -> tuple[Level, ...]:
    levels = [chosen] if isinstance(chosen, str | int | float) else list(chosen)
    return tuple(sorted(levels, key=level_key))


def native(level: Any) -> Level:
    """A level as a Python object."""
    native: Level = level.item() if isinstance(level, np.generic) else level
    return native


def _digits(level: float) -> int | None:
    return 0 if isinstance(level, int) else None
