"""Intervals of combined values: what the runs of every operand know, carried through the whole formula.

Each operand's runs give the confidence distribution of its median or mean; draws of all of them go through the
formula together (``stats.intervals.propagate``), so a ratio's interval comes from ratios, not from a ratio of bounds.
An operand that the formula names twice moves as one. There is no interval where none is known to cover 95 ± 1 %
by simulation: too few runs, different numbers of the same runs (a first and a later request of one process, say:
how they move together is not known well enough from few runs; a metric of the run that compares them has an
interval), an operand whose interval is known but whose runs are not, or a divisor that may be zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from harness.units import Unit

from .arithmetic import evaluate
from .evidence import Interval, Sample

if TYPE_CHECKING:
    from harness.metrics.batch import Floats
    from harness.stats.intervals.interval import Statistic

LEVEL = 0.95
TOO_FEW, SHARED, UNKNOWN, NO_DIVISOR, LARGEST = (
    "too few runs for an interval",
    "no interval: the operands are of the same runs",
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
    def operation(self) -> str: ...

    @property
    def parents(self) -> Sequence[Term]: ...


def joint_interval(value: Term) -> Interval | str:
    """The interval of a combined value, or why it has none; empty where an operand has no runs to tell of."""
    leaves = list(_leaves(value))
    samples = dict.fromkeys(leaf.sample for leaf in leaves if leaf.sample is not None)
    if any(leaf.interval is not None and leaf.sample is None for leaf in leaves):
        return UNKNOWN
    if not samples:
        return ""
    statistics: list[Statistic] = [one.statistic for one in samples if one.statistic != "max"]
    if len(statistics) < len(samples):
        return LARGEST
    if any(set(one.runs) & set(other.runs) for one, other in combinations(samples, 2)):
        return SHARED
    import numpy as np

    from harness.outcomes import NoValue
    from harness.stats.intervals.propagate import propagate

    runs = [np.array([number for number in sample.numbers if number is not None]) for sample in samples]

    def formula(*drawn: Floats) -> Floats:
        return _result(value, dict(zip(samples, drawn, strict=True)))

    try:
        found = propagate(runs, formula, statistics, LEVEL).interval
    except ZeroDivisionError:
        return NO_DIVISOR
    except NoValue:
        return TOO_FEW
    return Interval(*astuple(found)) if found else TOO_FEW


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
