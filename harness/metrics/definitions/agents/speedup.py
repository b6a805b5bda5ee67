"""What agents gain by working at the same time.

``overlap_ratio`` divides durations *while* agents run together by the wall time: it says that they overlapped, and
nothing of speed. ``parallel_speedup`` divides what the same tasks took one after the other, alone, in the same run.
"""

from __future__ import annotations

from statistics import fmean

from ....units import MS, PERCENT, RATIO, S
from ...definition import WorkMetric
from ...work import Work, wall_ms

_TWO = "runs of two agents or more whose tasks ended usably"
_BASELINES = f"{_TWO}, with baselines"


def overlap_ratio(work: Work) -> float:
    """The mean over rounds of the sum of durations over the wall time, times."""
    return fmean(sum(task.duration_ms for task in tasks) / wall_ms(tasks) for tasks in work.rounds(2))


def overlap_efficiency(work: Work) -> float:
    """``overlap_ratio`` over the number of agents, percent."""
    return 100 * overlap_ratio(work) / len(work.rounds(2)[0])


def parallel_speedup(work: Work) -> float:
    """The sum of the agents' durations alone over the mean wall time together, times."""
    rounds = work.rounds(2)
    return sum(work.baseline_ms(task.agent) for task in rounds[0]) / fmean(map(wall_ms, rounds))


def parallel_efficiency(work: Work) -> float:
    """``parallel_speedup`` over the number of agents, percent."""
    return 100 * parallel_speedup(work) / len(work.rounds(2)[0])


def wall_time_together(work: Work) -> float:
    """The mean wall time of a round of all agents, seconds."""
    return fmean(map(wall_ms, work.rounds(2))) / 1e3


def time_one_by_one(work: Work) -> float:
    """What the agents' tasks take alone, one after the other: the sum of their mean durations, seconds."""
    return sum(work.baseline_ms(task.agent) for task in work.rounds(2)[0]) / 1e3


def start_skew(work: Work) -> float:
    """The most by which the starts of the tasks of a round were apart, milliseconds."""
    starts = ([task.start_ms for task in tasks] for tasks in work.rounds(2))
    return max(max(begun) - min(begun) for begun in starts)


OVERLAP_RATIO = WorkMetric(
    id="overlap_ratio",
    name="overlap of tasks",
    unit=RATIO,
    formula="Σ duration of the tasks of a round / its wall time; says nothing of speed",
    applicability=_TWO,
    higher_is_better=None,
    compute=overlap_ratio,
    in_other_tools=(("the earlier series", "speedup"),),
)
OVERLAP_EFFICIENCY = WorkMetric(
    id="overlap_efficiency",
    name="overlap efficiency",
    unit=PERCENT,
    formula="overlap_ratio / agents; says nothing of speed",
    applicability=_TWO,
    higher_is_better=None,
    compute=overlap_efficiency,
    in_other_tools=(("the earlier series", "parallel efficiency"),),
)
PARALLEL_SPEEDUP = WorkMetric(
    id="parallel_speedup",
    name="parallel speed-up",
    unit=RATIO,
    formula="Σ duration of each agent's task alone / wall time of the same tasks together",
    applicability=_BASELINES,
    higher_is_better=True,
    compute=parallel_speedup,
)
PARALLEL_EFFICIENCY = WorkMetric(
    id="parallel_efficiency",
    name="parallel efficiency",
    unit=PERCENT,
    formula="parallel_speedup / agents",
    applicability=_BASELINES,
    higher_is_better=True,
    compute=parallel_efficiency,
)
WALL_TIME_TOGETHER = WorkMetric(
    id="wall_time_together",
    name="wall time of tasks together",
    unit=S,
    formula="end of the last task of a round − the moment at which all were to begin",
    applicability=_TWO,
    higher_is_better=False,
    compute=wall_time_together,
)
TIME_ONE_BY_ONE = WorkMetric(
    id="time_one_by_one",
    name="time of the same tasks one after the other",
    unit=S,
    formula="Σ duration of each agent's task alone",
    applicability=_BASELINES,
    higher_is_better=False,
    compute=time_one_by_one,
)
START_SKEW = WorkMetric(
    id="start_skew",
    name="start skew of a round",
    unit=MS,
    formula="last − first start of the tasks of a round, the largest of the rounds",
    applicability=_TWO,
    higher_is_better=False,
    compute=start_skew,
)
