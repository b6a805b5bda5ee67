"""What the process of an agent used, measured from outside, of rounds in which all agents worked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from ....outcomes import Missing
from ....units import MIB, MS, ONE, Unit
from ...columns import floats, usable
from ...definition import Evaluated, TaskMetric, evaluated


def _column(name: str, scale: float) -> Callable[[pa.Table], Evaluated]:
    """A column of the table of tasks, divided by ``scale``."""

    def compute(tasks: pa.Table) -> Evaluated:
        values = floats(tasks[name]) / scale
        failed = ~usable(tasks["outcome"])
        return evaluated(values, (failed, Missing.TASK_FAILED), (np.isnan(values), Missing.NOT_REPORTED))

    return compute


def _metric(metric_id: str, name: str, unit: Unit, formula: str, column: str, scale: float) -> TaskMetric:
    return TaskMetric(
        id=metric_id,
        name=name,
        unit=unit,
        formula=formula,
        applicability="tasks of agents that ended usably, in processes of ours",
        higher_is_better=False,
        compute=_column(column, scale),
    )


AGENT_STARTUP = _metric(
    "agent_startup", "start-up of an agent", MS, "the agent says that it is ready − fork", "startup_ns", 1e6
)
AGENT_CPU_TIME = _metric(
    "agent_cpu_time",
    "processor time of an agent",
    MS,
    "user + system time of its process from start to end, as the kernel accounts it, over the tasks that shared it",
    "cpu_ns",
    1e6,
)
AGENT_CPU_WAIT = _metric(
    "agent_cpu_wait",
    "wait for a processor of an agent",
    MS,
    "time for which threads of its process could run and did not, over the tasks that shared it",
    "wait_ns",
    1e6,
)
AGENT_RSS_PEAK = _metric(
    "agent_rss_peak", "peak memory of an agent", MIB, "peak resident set of its process", "peak_rss_bytes", 2.0**20
)
AGENT_THREADS = _metric(
    "agent_threads", "threads of an agent", ONE, "threads of its process when its task had ended", "threads", 1.0
)
AGENT_SWITCHES = _metric(
    "agent_switches",
    "context switches of an agent",
    ONE,
    "voluntary and involuntary switches of its process, over the tasks that shared it",
    "context_switches",
    1.0,
)
