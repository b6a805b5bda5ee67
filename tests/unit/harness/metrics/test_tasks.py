"""Metrics of the tasks of agents: one value per task, reduced to one per run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest

from harness.datasets.schema import TASKS
from harness.errors import DatasetCorrupt, UsageError
from harness.metrics.runs import RunValues, per_run
from harness.outcomes import Missing
from tests.support.tables import MS, requests_table, runs_table


class Tables:
    """The tasks of runs as a dataset has them."""

    def __init__(self, *tasks: Mapping[str, object]) -> None:
        plain = {"run_id": "r1", "cell_id": "c1", "position": 0, "agent": "a", "language": "python", "outcome": "ok"}
        times = {"planned_ns": 0, "started_ns": 10 * MS, "ended_ns": 40 * MS, "ingested_files": 3, "ingested_bytes": 9}
        self.tasks = pa.Table.from_pylist([plain | times | dict(task) for task in tasks], schema=TASKS)

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        assert name == "tasks"
        return self.tasks.select(list(columns)) if columns else self.tasks


def asked(metric_id: str, tables: Tables, runs: int = 1, within: str = "median") -> RunValues:
    return per_run(runs_table([{}] * runs), requests_table([]), metric_id, within=within, tables=tables)


def test_the_tasks_of_a_run_become_one_number() -> None:
    tables = Tables({}, {"ended_ns": 60 * MS}, {"ended_ns": 160 * MS}, {"run_id": "r2", "ended_ns": 11 * MS})
    assert asked("task_duration", tables, 2).values.tolist() == [50.0, 1.0]
    assert asked("task_duration", tables, 2, "mean").values.tolist() == [pytest.approx(230 / 3), 1.0]
    assert asked("task_duration", tables, 2).requests.tolist() == [3, 1]
    assert asked("ingested_files", tables, 2, "sum").values.tolist() == [9.0, 3.0]


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ({"outcome": "failed"}, Missing.TASK_FAILED),
        ({"ended_ns": None}, Missing.NOT_REPORTED),
        ({"ended_ns": 5 * MS}, Missing.BAD_COUNTER),
    ],
)
def test_a_task_without_a_duration_says_why(task: dict[str, object], reason: Missing) -> None:
    found = asked("task_duration", Tables(task))
    assert math.isnan(found.values[0])
    assert found.missing == {reason: 1}


def test_a_run_without_tasks_is_no_run_of_an_agent() -> None:
    assert asked("task_duration", Tables()).missing == {Missing.NOT_APPLICABLE: 1}


def test_pooling_and_a_task_of_no_run_are_refused() -> None:
    with pytest.raises(UsageError, match="cannot be pooled"):
        asked("task_duration", Tables({}), within="pooled")
    with pytest.raises(DatasetCorrupt, match="a task belongs to no run"):
        asked("task_duration", Tables({"run_id": "r9"}))
