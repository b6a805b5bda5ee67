"""What the agents of a run did, round by round: their tasks with their calls.

Agents of one round work at the same time. A run with baselines has rounds of one agent beside those of all, so that
what concurrency costs is a comparison within the run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..outcomes import USABLE, Missing, NoValue
from .readings import Tables

MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class DoneTask:
    """A measured task. Times in milliseconds after the start of the run; ``ttft_ms``, ``queue_ms`` and ``tokens`` call
    by call.

    ``queue_ms`` is what of the wait for the first token the engine's own prompt time does not explain."""

    agent: str
    usable: bool
    begin_ms: float
    start_ms: float
    end_ms: float
    ttft_ms: tuple[float | None, ...]
    queue_ms: tuple[float | None, ...]
    tokens: tuple[int, ...]

    @property
    def duration_ms(self) -> float:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Work:
    """The measured rounds of one run: those of all its agents, and the tasks that each did alone."""

    together: tuple[tuple[DoneTask, ...], ...]
    alone: Mapping[str, tuple[DoneTask, ...]]

    def rounds(self, least: int = 1) -> tuple[tuple[DoneTask, ...], ...]:
        """The rounds of all agents, of which there are ``least`` or more. Raises ``NoValue``."""
        if not self.together or min(map(len, self.together)) < least:
            raise NoValue(Missing.NOT_APPLICABLE)
        _check(task for tasks in self.together for task in tasks)
        return self.together

    def baseline(self, agent: str) -> tuple[DoneTask, ...]:
        """What an agent did alone. Raises ``NoValue``."""
        tasks = self.alone.get(agent, ())
        if not tasks:
            raise NoValue(Missing.NOT_APPLICABLE)
        _check(tasks)
        return tasks

    def baseline_ms(self, agent: str) -> float:
        """The mean duration of what an agent did alone. Raises ``NoValue``."""
        return fmean(task.duration_ms for task in self.baseline(agent))


def _check(tasks: Iterator[DoneTask] | Sequence[DoneTask]) -> None:
    if not all(task.usable and task.duration_ms > 0 for task in tasks):
        raise NoValue(Missing.TASK_FAILED)


def wall_ms(tasks: Sequence[DoneTask]) -> float:
    """From the moment at which the tasks of a round were to begin to the end of the last one."""
    return max(task.end_ms for task in tasks) - min(task.begin_ms for task in tasks)


def tasks_of(tasks: pa.Table, *, alone: bool) -> pa.Table:
    """The measured tasks of rounds of all agents, or of those of one; before schema 3 all were of all."""
    if not tasks.num_rows or tasks["round"].null_count:
        return tasks.slice(0, 0) if alone else tasks
    sizes = tasks.group_by(["run_id", "round"]).aggregate([("task", "count")])
    most = sizes.group_by(["run_id"]).aggregate([("task_count", "max")])
    size = {(row["run_id"], row["round"]): row["task_count"] for row in sizes.to_pylist()}
    largest = {row["run_id"]: row["task_count_max"] for row in most.to_pylist()}
    places = zip(tasks["run_id"].to_pylist(), tasks["round"].to_pylist(), strict=True)
    chosen = pa.array([(size[run, number] < largest[run]) is alone for run, number in places], pa.bool_())
    return tasks.filter(pc.and_(chosen, pc.equal(tasks["phase"], MEASURED)))


def work_of(tables: Tables, runs: pa.Table) -> Iterator[Work]:
    """The work of each of ``runs``, in their order."""
    stored = tables.table("tasks")
    calls = _calls(tables)
    together = _by_run(tasks_of(stored, alone=False), calls)
    alone = _by_run(tasks_of(stored, alone=True), calls)
    for run in runs["run_id"].to_pylist():
        rounds: dict[int, list[DoneTask]] = defaultdict(list)
        for number, task in together[run]:
            rounds[number].append(task)
        by_agent: dict[str, list[DoneTask]] = defaultdict(list)
        for _, task in alone[run]:
            by_agent[task.agent].append(task)
        yield Work(
            tuple(tuple(tasks) for tasks in rounds.values()), {name: tuple(tasks) for name, tasks in by_agent.items()}
        )


Calls = Mapping[tuple[str, int], Sequence[Mapping[str, Any]]]


def _calls(tables: Tables) -> Calls:
    """The requests of each task, by run and task, in the order of turns."""
    names = ("run_id", "task", "turn", "planned_ns", "sent_ns", "arrivals_ns", "tokens", "engine_prompt_ms")
    requests = tables.table("requests", names)
    found: dict[tuple[str, int], list[Mapping[str, Any]]] = defaultdict(list)
    for row in requests.filter(pc.is_valid(requests["task"])).to_pylist():
        found[row["run_id"], row["task"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row["turn"])
    return found


def _by_run(tasks: pa.Table, calls: Calls) -> Mapping[str, Sequence[tuple[int, DoneTask]]]:
    found: dict[str, list[tuple[int, DoneTask]]] = defaultdict(list)
    for row in tasks.to_pylist():
        found[row["run_id"]].append((row["round"] or 0, _task(row, calls.get((row["run_id"], row["task"]), ()))))
    return found


def _task(row: Mapping[str, Any], calls: Sequence[Mapping[str, Any]]) -> DoneTask:
    begin, start, end = ((row[name] or 0) / 1e6 for name in ("planned_ns", "started_ns", "ended_ns"))
    return DoneTask(
        agent=row["agent"],
        usable=row["outcome"] in USABLE and row["started_ns"] is not None and row["ended_ns"] is not None,
        begin_ms=begin,
        start_ms=start,
        end_ms=end,
        ttft_ms=tuple(call["arrivals_ns"][0] / 1e6 if call["arrivals_ns"] else None for call in calls),
        queue_ms=tuple(map(_queue_ms, calls)),
        tokens=tuple(sum(call["tokens"]) for call in calls),
    )


def _queue_ms(call: Mapping[str, Any]) -> float | None:
    prompt_ms, sent_ns = call["engine_prompt_ms"], call["sent_ns"]
    if not call["arrivals_ns"] or prompt_ms is None or sent_ns is None:
        return None
    wait_ms: float = (call["arrivals_ns"][0] - sent_ns) / 1e6 - prompt_ms
    return max(0.0, wait_ms)
