"""Intervals of combined values: what the runs of every operand know, carried through the whole formula.

Each operand's blocks give the confidence distribution of its median or mean; draws of all of them go through the
formula together (``stats.intervals.propagate``), so a ratio's interval comes from ratios, not from a ratio of bounds.
An operand that the formula names twice moves as one. There is no interval where none is known to cover 95 ± 1 % by
simulation: too few blocks, a sum or product of operands that share blocks, different numbers of the same runs (a first
and a later request of one process, say: how they move together is not known well enough from few runs; a metric of the
run that compares them has an interval; a number that is the same in every block moves with none), an operand whose
interval is known but whose runs are not, or a divisor that may be zero. Two contrasts of different datasets are known
by their intervals alone: the interval of their ratio squares and adds the distances to the ends
(``stats.intervals.independent``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from harness.units import Unit

from .arithmetic import evaluate
from .evidence import Interval, Sample

if TYPE_CHECKING:
    from harness.metrics.batch import Floats
    from harness.stats.intervals.interval import Statistic

LEVEL = 0.95
TOO_FEW, SHARED, ONE_WAY, UNKNOWN, NO_DIVISOR, LARGEST = (
    "too few blocks for an interval",
    "no interval: the operands are of the same runs",
    "no interval: operands of the same blocks move the result the same way",
    "no interval: an operand is not of single runs",
    "no interval: the divisor may be zero",
    "no interval: the largest of some runs has none",
)


class Term(Protocol):
    """What a formula consists of: a number with the runs behind it, or an operation over other terms."""

    @property
    def id(self) -> str: ...

    @property
    def number(self) -> float | None: ...

    @property
    def unit(self) -> Unit: ...

    @property
    def interval(self) -> Interval | None: ...

    @property
    def sample(self) -> Sample | None: ...

    @property
    def question(self) -> object | None: ...

    @property
    def operation(self) -> str: ...

    @property
    def parents(self) -> Sequence[Term]: ...


def joint_interval(value: Term) -> Interval | str:
    """The interval of a combined value, or why it has none; empty where an operand has no runs to tell of."""
    leaves = list(_leaves(value))
    samples = dict.fromkeys(leaf.sample for leaf in leaves if leaf.sample is not None)
    if any(leaf.interval is not None and leaf.sample is None for leaf in leaves):
        return _of_two_datasets(value) or UNKNOWN
    if not samples:
        return ""
    statistics: list[Statistic] = [one.statistic for one in samples if one.statistic != "max"]
    if len(statistics) < len(samples):
        return LARGEST
    varied = [one for one in samples if _varies(one)]
    if any(set(one.runs) & set(other.runs) for one, other in combinations(varied, 2)):
        return SHARED
    if any(sample.withheld for sample in samples):
        return next(sample.withheld for sample in samples if sample.withheld)
    if _one_way(value):
        return ONE_WAY
    found = _propagated(value, list(samples), statistics)
    if isinstance(found, str) or varied or value.number is None:
        return found
    return replace(found, low=value.number, high=value.number)


def _propagated(value: Term, samples: Sequence[Sample], statistics: Sequence[Statistic]) -> Interval | str:
    """The interval of a formula over samples that move apart, or why it has none."""
    import numpy as np

    from harness.outcomes import NoValue
    from harness.stats.intervals.propagate import propagate

    runs = [np.array(sample.by_block()) for sample in samples]

    def formula(*drawn: Floats) -> Floats:
        return _result(value, dict(zip(samples, drawn, strict=True)))

    try:
        found = propagate(runs, formula, statistics, LEVEL).interval
    except ZeroDivisionError:
        return NO_DIVISOR
    except NoValue:
        return TOO_FEW
    return Interval(*astuple(found)) if found else TOO_FEW


def _of_two_datasets(value: Term) -> Interval | None:
    """The interval of a ratio of two numbers of different datasets that are known by their intervals alone."""
    from harness.stats.intervals import interval
    from harness.stats.intervals.independent import ratio_of

    if value.operation != "/" or len({_digest(parent) for parent in value.parents} - {None}) < 2:
        return None
    (a, of_a), (b, of_b) = ((parent.number, parent.interval) for parent in value.parents)
    if a is None or b is None or of_a is None or of_b is None:
        return None
    ends = (interval.Interval(*astuple(one)) for one in (of_a, of_b))
    found = ratio_of(a, next(ends), b, next(ends))
    return Interval(*astuple(found)) if found else None


def _digest(term: Term) -> str | None:
    """The dataset that a number was asked of; ``None`` for one that was computed or has runs of its own."""
    return None if term.sample is not None else getattr(term.question, "digest", None)


def _one_way(value: Term) -> bool:
    """Whether two operands share a block and move the result the same way, as in a sum: what the block does to both
    adds up, and intervals that take operands for independent cover too little. In a ratio it cancels."""
    ways = dict.fromkeys((sample, way) for sample, way in _ways(value, 1) if _varies(sample))
    return any(
        mine == theirs and one != other and set(one.blocks) & set(other.blocks)
        for (one, mine), (other, theirs) in combinations(ways, 2)
    )


def _varies(sample: Sample) -> bool:
    return len(set(sample.by_block())) > 1


def _ways(value: Term, way: int) -> Iterator[tuple[Sample, int]]:
    """The sample of each operand, and whether the result grows (1) or falls (−1) with it."""
    if value.sample is not None:
        yield value.sample, way
        return
    signs = [1 if (parent.number or 0) >= 0 else -1 for parent in value.parents]
    for k, parent in enumerate(value.parents):
        other = signs[1 - k] if value.operation in ("*", "/") else 1
        yield from _ways(parent, way * other * (-1 if k and value.operation in ("-", "/") else 1))


def _leaves(value: Term) -> Iterator[Term]:
    if value.sample is not None or not value.parents:
        yield value
        return
    for parent in value.parents:
        yield from _leaves(parent)


def _result(value: Term, drawn: Mapping[Sample, Floats]) -> Floats:
    """The formula on draws of its operands. Raises ``ZeroDivisionError`` where draws of a divisor straddle zero."""
    import numpy as np

    if value.sample is not None:
        return drawn[value.sample]
    if not value.parents:
        return np.asarray(np.nan if value.number is None else value.number, np.float64)
    operands = tuple(_result(parent, drawn) for parent in value.parents)
    if value.operation == "/" and operands[1].min() <= 0 <= operands[1].max():
        raise ZeroDivisionError(value.id)
    return evaluate(value.operation, operands, tuple(parent.unit for parent in value.parents), value.unit)
