"""How fast agents are, together and alone, and how two of them differ.

A difference is that of the first agent minus the second one, by name: A − B.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from ....outcomes import Missing, NoValue
from ....units import MS, TASKS_PER_H, TOK_PER_S
from ...definition import WorkMetric
from ...work import DoneTask, Work, wall_ms

_USABLE = "runs of agents whose tasks ended usably"
_ALONE = f"{_USABLE}, with baselines"
_TWO = "runs of two agents whose tasks ended usably"


def aggregate_tps(work: Work) -> float:
    """Tokens of all agents over the wall time, all rounds together, per second."""
    rounds = work.rounds()
    tokens = sum(sum(task.tokens) for tasks in rounds for task in tasks)
    return 1e3 * tokens / sum(map(wall_ms, rounds))


def tasks_per_hour(work: Work) -> float:
    """Tasks of all agents over the wall time, all rounds together, per hour."""
    rounds = work.rounds()
    return 3.6e6 * sum(map(len, rounds)) / sum(map(wall_ms, rounds))


def _tps(tasks: Sequence[DoneTask]) -> float:
    """Tokens over durations, per second: a ratio of sums."""
    return 1e3 * sum(sum(task.tokens) for task in tasks) / sum(task.duration_ms for task in tasks)


def _ttft(tasks: Sequence[DoneTask]) -> float:
    """The mean TTFT over calls, milliseconds."""
    return _mean([ttft for task in tasks for ttft in task.ttft_ms], Missing.NO_TOKENS)


def _queue(tasks: Sequence[DoneTask]) -> float:
    """The mean wait in the engine's queue over calls, milliseconds."""
    return _mean([wait for task in tasks for wait in task.queue_ms], Missing.NOT_REPORTED)


def _mean(known: Sequence[float | None], otherwise: Missing) -> float:
    """The mean of all. Raises ``NoValue`` where one is missing."""
    there = [number for number in known if number is not None]
    if not there or len(there) < len(known):
        raise NoValue(otherwise)
    return fmean(there)


def _together(of: Callable[[Sequence[DoneTask]], float]) -> Callable[[Work], float]:
    return lambda work: of([task for tasks in work.rounds() for task in tasks])


def _alone(of: Callable[[Sequence[DoneTask]], float]) -> Callable[[Work], float]:
    def compute(work: Work) -> float:
        if not work.alone:
            raise NoValue(Missing.NOT_APPLICABLE)
        return of([task for agent in work.alone for task in work.baseline(agent)])

    return compute


def _delta(of: Callable[[Sequence[DoneTask]], float]) -> Callable[[Work], float]:
    """First agent − second agent, by name."""

    def compute(work: Work) -> float:
        tasks = [task for tasks in work.rounds(2) for task in tasks]
        names = sorted({task.agent for task in tasks})
        if len(names) != 2:
            raise NoValue(Missing.NOT_APPLICABLE)
        first, second = (of([task for task in tasks if task.agent == name]) for name in names)
        return first - second

    return compute


AGGREGATE_TPS = WorkMetric(
    id="aggregate_tps",
    name="tokens per second of all agents",
    unit=TOK_PER_S,
    formula="Σ tokens of all tasks / Σ wall time of the rounds",
    applicability=_USABLE,
    higher_is_better=True,
    compute=aggregate_tps,
)
TASKS_PER_HOUR = WorkMetric(
    id="tasks_per_hour",
    name="tasks per hour",
    unit=TASKS_PER_H,
    formula="tasks / Σ wall time of the rounds",
    applicability=_USABLE,
    higher_is_better=True,
    compute=tasks_per_hour,
)
TASK_TPS_TOGETHER = WorkMetric(
    id="task_tps_together",
    name="tokens per second of a task, all agents at work",
    unit=TOK_PER_S,
    formula="Σ tokens / Σ duration of tasks in rounds of all agents",
    applicability=_USABLE,
    higher_is_better=True,
    compute=_together(_tps),
)
TASK_TPS_ALONE = WorkMetric(
    id="task_tps_alone",
    name="tokens per second of a task done alone",
    unit=TOK_PER_S,
    formula="Σ tokens / Σ duration of tasks in rounds of one agent",
    applicability=_ALONE,
    higher_is_better=True,
    compute=_alone(_tps),
)
TTFT_TOGETHER = WorkMetric(
    id="ttft_together",
    name="TTFT, all agents at work",
    unit=MS,
    formula="mean TTFT of the calls in rounds of all agents",
    applicability=_USABLE,
    higher_is_better=False,
    compute=_together(_ttft),
)
TTFT_ALONE = WorkMetric(
    id="ttft_alone",
    name="TTFT of an agent alone",
    unit=MS,
    formula="mean TTFT of the calls in rounds of one agent",
    applicability=_ALONE,
    higher_is_better=False,
    compute=_alone(_ttft),
)
QUEUE_TOGETHER = WorkMetric(
    id="queue_together",
    name="wait in the engine's queue, all agents at work",
    unit=MS,
    formula="mean of (first token − sent − the engine's prompt time) of the calls in rounds of all agents",
    applicability=f"{_USABLE}, of engines that report their prompt time",
    higher_is_better=False,
    compute=_together(_queue),
)
QUEUE_ALONE = WorkMetric(
    id="queue_alone",
    name="wait in the engine's queue of an agent alone",
    unit=MS,
    formula="mean of (first token − sent − the engine's prompt time) of the calls in rounds of one agent",
    applicability=f"{_ALONE}, of engines that report their prompt time",
    higher_is_better=False,
    compute=_alone(_queue),
)
THROUGHPUT_DELTA = WorkMetric(
    id="throughput_delta",
    name="throughput of the first agent − the second",
    unit=TOK_PER_S,
    formula="task_tps_together of agent A − of agent B, in the order of their names",
    applicability=_TWO,
    higher_is_better=None,
    compute=_delta(_tps),
)
TTFT_DELTA = WorkMetric(
    id="ttft_delta",
    name="TTFT of the first agent − the second",
    unit=MS,
    formula="ttft_together of agent A − of agent B, in the order of their names",
    applicability=_TWO,
    higher_is_better=None,
    compute=_delta(_ttft),
)
