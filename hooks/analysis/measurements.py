"""Asks a sealed dataset a question and gets a ``Value``; nothing else makes measured values.

A question names a metric, the levels to keep, the phase of the requests, how the requests of a run become one
number (``within``) and how the runs become the estimate (``across``). The block of runs is the unit of statistics;
where there are several sessions, the session is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from harness.datasets.read import Dataset
from harness.design import level_key
from harness.errors import UsageError
from harness.metrics import metric as metric_named
from harness.metrics.definition import PRESENT
from harness.metrics.definitions.agents.quality import quality
from harness.metrics.runs import Column, RunValues, columns_of, per_run, select
from harness.outcomes import USABLE, Missing
from harness.stats.significance.gate import no_interval
from harness.units import ONE
from harness.validity.request_table import RequestTable

from ..caching.code_digest import code
from ..caching.kept import kept
from ..caching.store import key_of, libraries
from ..values.evidence import Level, Strength
from ..values.questions import Counted, Effective, Filters, MetricQuestion, OfMetric, Question, question_record
from ..values.questions.counts import Countable
from ..values.value import Value, absent
from .answers import Answers
from .estimates import Across, about_requests, answer, usual_reduction
from .filters import Where, canonical, is_number, native, plain

STATISTICS = ("median", "mean", "max")
VALUE: TypeAdapter[Value] = TypeAdapter(Value)
LEVELS: TypeAdapter[tuple[Level, ...]] = TypeAdapter(tuple[Level, ...])
TEXTS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
OUTCOMES: TypeAdapter[tuple[tuple[tuple[str, str | None], int], ...]] = TypeAdapter(
    tuple[tuple[tuple[str, str | None], int], ...]
)
MEASURED = "measured"
DIFFERENT = {
    "texts": "number of different reports of tasks that ended usably",
    "scores": "number of different quality scores of reports of tasks that ended usably",
}
"""What a count of different things of tasks means."""


class Measurements:
    """One sealed dataset, ready to be asked. Each metric is computed once for all runs.

    ``other_recording`` marks another recording of the study than the first one on the page (see ``OfDataset``). What
    was ``answered`` before is not computed again.
    """

    def __init__(self, dataset: Dataset, *, other_recording: bool = False, answered: Answers | None = None) -> None:
        self.dataset = dataset
        self.requests = RequestTable(dataset)
        self.other_recording = other_recording
        self.answers = answered or Answers()
        self._computed: dict[tuple[str, str, str, str | None], RunValues] = {}
        self._judged: dict[tuple[str, ...], Missing | None] = {}

    def value(
        self,
        metric_id: str,
        where: Where | None = None,
        *,
        phase: str = MEASURED,
        divided_by: str | None = None,
        within: str | None = None,
        across: Across = "median",
        prompt: str | None = None,
    ) -> Value:
        """The estimate over the runs that ``where`` keeps, with an interval where there are enough of them.

        Each run's value over requests of one ``phase`` may be ``divided_by`` its value over those of another; with
        ``prompt`` only its requests count. Raises ``UnknownName`` and ``UsageError`` for a question that makes no
        sense; a question without an answer gives a value that is missing, with the reason.
        """
        asked = self.about_metric(metric_id, where, phase, within)
        return self.of_metric(OfMetric(**asked, divided_by=divided_by, across=across, prompt=prompt))

    def of_metric(self, question: OfMetric) -> Value:
        """The answer to a question about a metric. Raises as ``value``."""
        if question.across not in STATISTICS:
            raise UsageError(f"unknown statistic {question.across!r}; use one of: {', '.join(STATISTICS)}")
        return self.kept(question, lambda: self._estimated(question))

    @property
    def several_sessions(self) -> bool:
        """Whether there are several sessions, of which each then counts once, as each block of a single one does."""
        return len(self.dataset.recordings) > 1

    def _estimated(self, question: OfMetric) -> Value:
        withheld = None if self.several_sessions else self._withheld(question)
        return answer(self.values(question), question, by_session=self.several_sessions, withheld=withheld)

    def _withheld(self, question: OfMetric) -> Missing | None:
        """Why the one session does not bear an interval of this metric, judged over all of its runs."""
        asked = (question.phase, question.within, question.divided_by, question.prompt)
        key = (question.metric, *(name or "" for name in asked))
        if key not in self._judged:
            whole = self.values(replace(question, where=()))
            there = whole.take(whole.reason == PRESENT)
            self._judged[key] = no_interval(there.values, there.columns["position"], there.columns["cell_id"])
        return self._judged[key]

    def count(
        self, of: Countable = "runs", where: Where | None = None, *, outcome: str | None = None, code: str | None = None
    ) -> Value:
        """How many runs, requests of runs, or cells there are: all of them, or those that ended so."""
        return self.counted(Counted(**self.about(where), of=of, outcome=outcome, code=code))

    def counted(self, question: Counted) -> Value:
        """The answer to a question about numbers of runs, requests or cells."""
        return self.kept(question, lambda: self._counted(question))

    def _counted(self, question: Counted) -> Value:
        if question.of in ("texts", "scores"):
            return self._different(question)
        kept = {str(run) for run in self._runs_at(question.where).columns["run_id"]}
        rows = self.requests.table if question.of == "requests" else self.dataset.runs
        named = "cell_id" if question.of == "cells" else "run_id"
        columns = [rows[name].cast("string").to_pylist() for name in ("run_id", "outcome", "outcome_code", named)]
        found = [
            item
            for run, ended, why, item in zip(*columns, strict=True)
            if run in kept and question.outcome in (None, ended) and question.code in (None, why)
        ]
        number = len(set(found)) if question.of == "cells" else len(found)
        meaning = f"number of {question.of}" + (f" that ended {question.outcome}" if question.outcome else "")
        return Value(number, ONE, Strength.MEASURED, question=question, definition=meaning, decimals=0)

    def _different(self, question: Counted) -> Value:
        """How many different reports there are of tasks that ended usably, or how many quality scores these have."""
        kept = {str(run) for run in self._runs_at(question.where).columns["run_id"]}
        columns = [self.dataset.table("tasks")[name].to_pylist() for name in ("run_id", "outcome", "text")]
        texts = {text or "" for run, ended, text in zip(*columns, strict=True) if run in kept and ended in USABLE}
        number = len(texts if question.of == "texts" else set(map(quality, texts)))
        return Value(number, ONE, Strength.MEASURED, question=question, definition=DIFFERENT[question.of], decimals=0)

    def effective(self, key: str, where: Where | None = None) -> Value:
        """The one number that the engine reported for a setting in all runs kept; missing where they differ."""
        return self.reported_by_engine(Effective(**self.about(where), key=key))

    def reported_by_engine(self, question: Effective) -> Value:
        """The answer to a question about an effective setting."""
        return self.kept(question, lambda: self._effective(question))

    def _effective(self, question: Effective) -> Value:
        meaning = f"the setting {question.key} as the engine reported it"
        where = dict(question.where)
        reported = {level_key(level): level for level in self.reported(question.key, where)}
        if len(reported) != 1:
            return absent("the runs differ" if reported else Missing.NOT_REPORTED, ONE, question, meaning)
        (level,) = reported.values()
        if not is_number(level):
            return absent("not a number", ONE, question, meaning)
        n = len(self._runs_at(question.where))
        digits = 0 if isinstance(level, int) else None
        return Value(level, ONE, Strength.MEASURED, n=n, question=question, definition=meaning, decimals=digits)

    def reported(self, key: str, where: Where | None = None) -> tuple[Level, ...]:
        """The different values that the engine reported for a setting, in the order of their first run."""
        return self.answers.of(["reported", key, canonical(where)], LEVELS, lambda: self._reported(key, where))

    def _reported(self, key: str, where: Where | None) -> tuple[Level, ...]:
        kept = {str(run) for run in self._runs_at(canonical(where)).columns["run_id"]}
        found = (row.get(key) for run, row in self.settings.items() if run in kept)
        return tuple({level_key(level): level for level in found if level is not None}.values())

    @property
    def factors(self) -> tuple[str, ...]:
        """The factors that the study declares, in its order."""
        design: Any = self.dataset.manifest.design
        return tuple(factor["name"] for factor in design["factors"])

    def prompts(self, phase: str, where: Where | None = None) -> tuple[str, ...]:
        """The ids of the prompts that requests of a phase sent, in the order of their first request."""
        return self.answers.of(["prompts", phase, canonical(where)], TEXTS, lambda: self._prompts(phase, where))

    def _prompts(self, phase: str, where: Where | None) -> tuple[str, ...]:
        kept = {str(run) for run in self._runs_at(canonical(where)).columns["run_id"]}
        columns = [self.requests.table[name].cast("string").to_pylist() for name in ("run_id", "phase", "prompt_id")]
        rows = zip(*columns, strict=True)
        return tuple(dict.fromkeys(prompt for run, of, prompt in rows if run in kept and of == phase))

    def levels(self, factor: str) -> tuple[Level, ...]:
        """The levels of a factor that were recorded, in the order in which the study declares them."""
        return self.answers.of(["levels", factor], LEVELS, lambda: self._levels(factor))

    def _levels(self, factor: str) -> tuple[Level, ...]:
        found = dict.fromkeys(map(native, self._runs_at(()).columns[factor]))
        recorded = {level_key(level): level for level in found}
        design: Any = self.dataset.manifest.design
        declared = next(item["levels"] for item in design["factors"] if item["name"] == factor)
        return tuple(recorded[level_key(level)] for level in declared if level_key(level) in recorded)

    def run_ids(self, where: Where | None = None) -> tuple[str, ...]:
        """The ids of the runs that ``where`` keeps, in their order; ``where`` may keep one by it (``run_id``)."""
        asked = ["run_ids", canonical(where)]
        return self.answers.of(asked, TEXTS, lambda: tuple(map(str, self._runs_at(canonical(where)).columns["run_id"])))

    def outcomes(self) -> Counter[tuple[str, str | None]]:
        """How many runs ended how, by outcome and code."""
        counted = self.answers.of(["outcomes"], OUTCOMES, self._outcomes)
        return Counter(dict(counted))

    def _outcomes(self) -> tuple[tuple[tuple[str, str | None], int], ...]:
        runs = self.dataset.runs
        pairs = zip(runs["outcome"].to_pylist(), runs["outcome_code"].to_pylist(), strict=True)
        return tuple(Counter(pairs).items())

    def values(self, question: MetricQuestion) -> RunValues:
        """The number of every run that a question keeps. Raises ``UsageError`` for another version of the metric."""
        metric = metric_named(question.metric)
        if metric.version != question.version:
            raise UsageError(
                f"{metric.id} version {question.version} is asked for; here it is version {metric.version}"
            )
        phase, within = question.phase or MEASURED, question.within or usual_reduction(metric)
        prompt = question.prompt if isinstance(question, OfMetric) else None
        found = self._of_runs(question.metric, phase, within, prompt)
        if isinstance(question, OfMetric) and question.divided_by:
            found = found.over(self._of_runs(question.metric, question.divided_by, within, prompt))
        return select(found, plain(question.where))

    def _of_runs(self, metric_id: str, phase: str, within: str, prompt: str | None = None) -> RunValues:
        """A metric of every run, computed once: jobs that ask the same dataset find it in the store."""
        key = (metric_id, phase, within, prompt)
        if key not in self._computed:
            about = key_of(self.dataset.digest, key, code(__name__), libraries())
            numbers = kept("runs", about, lambda: self._numbers(*key).record())
            self._computed[key] = RunValues.of_record(numbers, metric_named(metric_id), phase, within, self._columns)
        return self._computed[key]

    def _numbers(self, metric_id: str, phase: str, within: str, prompt: str | None) -> RunValues:
        requests = self.requests.prepared if prompt is None else self._of_prompt(prompt)
        return per_run(self.dataset.runs, requests, metric_id, phase=phase, within=within, tables=self.dataset)

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return columns_of(self.dataset.runs)

    def _of_prompt(self, prompt: str) -> pa.Table:
        requests = self.requests.table
        return requests.filter(pc.equal(requests["prompt_id"].cast(pa.string()), prompt))

    def _runs_at(self, where: Filters) -> RunValues:
        return select(self._of_runs("load_time", MEASURED, "mean"), plain(where))

    @cached_property
    def settings(self) -> dict[str, dict[str, Any]]:
        """What the engine of each run reported of its settings, by run."""
        runs = self.dataset.runs
        reported = (json.loads(text or "{}") for text in runs["effective"].to_pylist())
        return dict(zip(runs["run_id"].to_pylist(), reported, strict=True))

    def about(self, where: Where | None = None) -> dict[str, Any]:
        """What a question says of this dataset, and of the runs to keep."""
        return {**self.about_dataset(), "where": canonical(where)}

    def about_dataset(self) -> dict[str, Any]:
        """What a question says of this dataset."""
        return {"dataset": self.dataset.label, "digest": self.dataset.digest, "other_recording": self.other_recording}

    def about_metric(self, metric_id: str, where: Where | None, phase: str, within: str | None) -> dict[str, Any]:
        """What a question says of a metric of this dataset. Raises ``UnknownName``."""
        return {**self.about(where), **about_requests(metric_named(metric_id), phase, within)}

    def kept(self, question: Question, compute: Callable[[], Value]) -> Value:
        """The answer to a question, computed where it was never asked."""
        return self.answers.of(question_record(question), VALUE, compute)
