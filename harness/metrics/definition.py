"""What a metric is: an id, a version, a unit, a formula, and a function over a ``Batch``.

Numbers whose metric ids or versions differ are never compared. Raise ``version`` whenever the formula
changes, however slightly: a reader then sees two quantities where there are two.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..outcomes import Missing, NoValue
from ..units import Unit
from .batch import Batch, Bools, Floats, Ints
from .readings import Readings, Tables, Window, readings_of
from .wall_time import completed_in
from .work import Work, tasks_of, work_of

Codes: TypeAlias = npt.NDArray[np.int8]

REASONS: tuple[Missing | None, ...] = (None, *Missing)
"""What an int8 reason code means: ``REASONS[code]``. Code 0 is "there is a value"."""

PRESENT = 0
_CODES = {reason: code for code, reason in enumerate(REASONS)}


def code_of(reason: Missing | None) -> int:
    """The int8 code of a reason."""
    return _CODES[reason]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One metric for ``n`` requests or runs.

    ``values``: float64 ``(n,)``. ``reason``: int8 codes ``(n,)`` into ``REASONS``. A value is finite exactly
    where its reason is ``PRESENT``, and NaN elsewhere, so that forgetting the reason cannot pass for a number.
    """

    values: Floats
    reason: Codes

    def __post_init__(self) -> None:
        if self.values.shape != self.reason.shape:
            raise ValueError("values and reasons differ in shape")
        if not bool((np.isfinite(self.values) == (self.reason == PRESENT)).all()):
            raise ValueError("a value is finite exactly where its reason is PRESENT")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def present(self) -> Floats:
        """The values that exist, in order, without their places."""
        there: Floats = self.values[self.reason == PRESENT]
        return there


Rule: TypeAlias = tuple[Bools, Missing]


def evaluated(values: Floats, *rules: Rule) -> Evaluated:
    """``values`` with the reason of the first rule whose mask holds; the rest must be finite."""
    reason = reasons(len(values), *rules)
    return Evaluated(np.where(reason == PRESENT, values, np.nan), reason)


def reasons(n: int, *rules: Rule) -> Codes:
    """Reason codes, shape ``(n,)``: the first rule whose mask holds gives the reason."""
    codes = np.zeros(n, np.int8)
    for mask, why in reversed(rules):
        codes[mask] = code_of(why)
    return codes


@dataclass(frozen=True, slots=True)
class Ratio:
    """Numerator and denominator of a rate, so that runs can pool them: a ratio of sums, not a mean of ratios.

    Arrays of shape ``(n,)``; read them only where ``reason`` is ``PRESENT``. ``scale`` multiplies the quotient.
    """

    numerator: Floats
    denominator: Floats
    reason: Codes
    scale: float

    def evaluated(self) -> Evaluated:
        """The quotient of each request."""
        there = self.reason == PRESENT
        values = np.full(len(self.reason), np.nan)
        np.divide(self.numerator * self.scale, self.denominator, out=values, where=there)
        return Evaluated(values, self.reason)


@dataclass(frozen=True, slots=True)
class Gaps:
    """One number per token gap, or per token, shape ``(gaps,)``; ``row`` is its request, ``coalesced`` marks the zeros
    between tokens that arrived in one chunk. ``reason`` has shape ``(n,)``: why a request has none."""

    values: Floats
    row: Ints
    coalesced: Bools
    reason: Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A definition. ``higher_is_better`` is ``None`` where neither direction is better.

    ``in_other_tools`` says how other tools define the same word, as (tool, definition), where that is known.
    """

    id: str
    name: str
    unit: Unit
    formula: str
    applicability: str
    higher_is_better: bool | None
    version: int = 1
    in_other_tools: tuple[tuple[str, str], ...] = ()

    @property
    def definition(self) -> str:
        """Its name and its formula in one line, as pages state them."""
        return f"{self.name}: {self.formula}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMetric(Metric):
    """One value per request.

    Of a wait, ``failed_is_longest`` says that a request which failed would have waited longer than every other: it
    counts so in percentiles of a run, and a run that has one has no mean and no largest wait.
    """

    compute: Callable[[Batch], Evaluated]
    failed_is_longest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateMetric(Metric):
    """One quotient per request, which runs may also pool."""

    parts: Callable[[Batch], Ratio]

    def compute(self, batch: Batch) -> Evaluated:
        """The quotient of each request, shape ``(n,)``."""
        return self.parts(batch).evaluated()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMetric(Metric):
    """One value per token gap, or per token."""

    compute: Callable[[Batch], Gaps]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMetric(Metric):
    """One value per run, from the table of runs (schema ``RUNS``)."""

    compute: Callable[[pa.Table], Evaluated]


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesMetric(Metric):
    """One value per run, from other tables of its dataset than that of runs."""

    @abstractmethod
    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The value of each of ``runs``, shape ``(runs,)``; ``tables`` are those of their dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingMetric(TablesMetric):
    """One value per run, from its telemetry readings of ``quantities`` in a ``window`` (schema ``READINGS``)."""

    quantities: tuple[str, ...]
    window: Window
    compute: Callable[[Readings], Evaluated]

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The value of each of ``runs``, shape ``(runs,)``."""
        return self.compute(readings_of(tables, runs, self.quantities, self.window))


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughputMetric(TablesMetric):
    """One value per run: what its requests of a ``phase`` completed, for each second of wall time.

    ``completed`` gives the amount of each request, shape ``(n,)``; one that failed completes nothing, and the time
    that it took still counts.
    """

    phase: str
    completed: Callable[[Batch], Floats]

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        done, seconds = completed_in(tables, runs, self.phase, lambda batch, _: self.completed(batch))
        return rate(done, seconds)


def rate(done: Floats, seconds: Floats, *rules: Rule) -> Evaluated:
    """What was done each second, shape ``(runs,)``; none where no time passed or nobody knows what was done."""
    known = (seconds > 0) & np.isfinite(done)
    rates = np.divide(done, seconds, out=np.full(len(done), np.nan), where=known)
    return evaluated(rates, *rules, (~known, Missing.NOT_APPLICABLE))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMetric(Metric):
    """One value per task of an agent, from the table of tasks (schema ``TASKS``).

    Of measured tasks only: those of rounds in which all agents worked, or with ``alone`` those of one agent.
    """

    compute: Callable[[pa.Table], Evaluated]
    alone: bool = False

    def chosen(self, tasks: pa.Table) -> pa.Table:
        """The tasks that the metric is of."""
        return tasks_of(tasks, alone=self.alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkMetric(TablesMetric):
    """One value per run, from all measured tasks of its agents; ``compute`` raises ``NoValue`` where there is none."""

    compute: Callable[[Work], float]

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The value of each of ``runs``, shape ``(runs,)``."""
        return self.of_works(tuple(work_of(tables, runs)))

    def of_works(self, works: Sequence[Work]) -> Evaluated:
        """The value of each run, of what ``work_of`` gives for it; shape ``(runs,)``."""
        values, codes = np.full(len(works), np.nan), np.zeros(len(works), np.int8)
        for place, work in enumerate(works):
            try:
                values[place] = self.compute(work)
            except NoValue as error:
                codes[place] = code_of(error.reason)
        return Evaluated(values, codes)
