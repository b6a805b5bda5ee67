"""A task of an agent: how long it took, and how many files it read. A task that failed has neither."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ....outcomes import Missing
from ....units import MS, ONE
from ...batch import Floats
from ...columns import floats, usable
from ...definition import Evaluated, TaskMetric, evaluated


def task_duration(tasks: pa.Table) -> Evaluated:
    """Milliseconds from the start of a task to its end, shape ``(tasks,)``; the wait before the start is no part."""
    return _of_usable(tasks, (floats(tasks["ended_ns"]) - floats(tasks["started_ns"])) / 1e6)


def ingested_files(tasks: pa.Table) -> Evaluated:
    """Files that a task read, shape ``(tasks,)``; zero is a value."""
    return _of_usable(tasks, floats(tasks["ingested_files"]))


def _of_usable(tasks: pa.Table, values: Floats) -> Evaluated:
    failed = ~usable(tasks["outcome"])
    bad = values < 0
    return evaluated(
        values, (failed, Missing.TASK_FAILED), (np.isnan(values), Missing.NOT_REPORTED), (bad, Missing.BAD_COUNTER)
    )


_WORDS = "tasks of agents that ended usably"

TASK_DURATION = TaskMetric(
    id="task_duration",
    name="duration of a task",
    unit=MS,
    formula="end of the task − its start",
    applicability=_WORDS,
    higher_is_better=False,
    compute=task_duration,
)
TASK_DURATION_ALONE = TaskMetric(
    id="task_duration_alone",
    name="duration of a task done alone",
    unit=MS,
    formula="end of the task − its start, in rounds of one agent",
    applicability="tasks of agents that ended usably, in runs with baselines",
    higher_is_better=False,
    compute=task_duration,
    alone=True,
)
INGESTED_FILES = TaskMetric(
    id="ingested_files",
    name="files that a task read",
    unit=ONE,
    formula="files whose whole content the agent read",
    applicability=_WORDS,
    higher_is_better=None,
    compute=ingested_files,
)
