"""Why agents together do not overlap wholly: unequal work, and waiting for the harness.

``overlap_efficiency`` + ``imbalance_loss`` + ``coordination_loss`` is 100 % in every round.
"""

from __future__ import annotations

from statistics import fmean

from ....outcomes import Missing, NoValue
from ....units import MS, PERCENT
from ...definition import WorkMetric
from ...work import DoneTask, Work, wall_ms

_TWO = "runs of two agents or more whose tasks ended usably"


def length_imbalance(work: Work) -> float:
    """The mean over rounds of (most − fewest tokens of a task) / all tokens, percent."""
    return fmean(_imbalance([sum(task.tokens) for task in tasks]) for tasks in work.rounds(2))


def _imbalance(tokens: list[int]) -> float:
    if not sum(tokens):
        raise NoValue(Missing.NO_TOKENS)
    return 100 * (max(tokens) - min(tokens)) / sum(tokens)


def imbalance_loss(work: Work) -> float:
    """The mean over rounds of the time for which agents had ended and others had not, of the wall time, percent."""
    return fmean(
        100 * (_longest(tasks) - fmean(task.duration_ms for task in tasks)) / wall_ms(tasks) for tasks in work.rounds(2)
    )


def coordination_loss(work: Work) -> float:
    """The mean over rounds of the wall time beyond the longest task, percent of the wall time."""
    return fmean(100 * (wall_ms(tasks) - _longest(tasks)) / wall_ms(tasks) for tasks in work.rounds(2))


def coordination_time(work: Work) -> float:
    """The mean over rounds of the wall time beyond the longest task, milliseconds."""
    return fmean(wall_ms(tasks) - _longest(tasks) for tasks in work.rounds(2))


def _longest(tasks: tuple[DoneTask, ...]) -> float:
    return max(task.duration_ms for task in tasks)


LENGTH_IMBALANCE = WorkMetric(
    id="length_imbalance",
    name="imbalance of output lengths",
    unit=PERCENT,
    formula="(most − fewest tokens of a task) / Σ tokens, in a round",
    applicability=_TWO,
    higher_is_better=False,
    compute=length_imbalance,
)
IMBALANCE_LOSS = WorkMetric(
    id="imbalance_loss",
    name="efficiency lost to imbalance",
    unit=PERCENT,
    formula="(longest − mean duration) / wall time, in a round",
    applicability=_TWO,
    higher_is_better=False,
    compute=imbalance_loss,
)
COORDINATION_LOSS = WorkMetric(
    id="coordination_loss",
    name="efficiency lost to coordination",
    unit=PERCENT,
    formula="(wall time − longest duration) / wall time, in a round",
    applicability=_TWO,
    higher_is_better=False,
    compute=coordination_loss,
)
COORDINATION_TIME = WorkMetric(
    id="coordination_time",
    name="time lost to coordination",
    unit=MS,
    formula="wall time − longest duration, in a round",
    applicability=_TWO,
    higher_is_better=False,
    compute=coordination_time,
)
