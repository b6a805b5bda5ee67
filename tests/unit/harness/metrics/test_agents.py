"""What agents together gain and cost, by hand, from rounds whose times are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.datasets.schema import TASKS
from harness.metrics import metric
from harness.metrics.definition import WorkMetric
from harness.metrics.definitions.agents.quality import quality
from harness.metrics.runs import RunValues, per_run
from harness.outcomes import Missing
from tests.support.tables import MS, requests_table, runs_table

LONG = "a" * 9


class Rounds:
    """Tables of the tasks and calls of run ``r1``; a round is its phase and (agent, begin, end, ttft, tokens)s."""

    def __init__(self, *rounds: tuple[str, Sequence[tuple[str, float, float, float, int]]], **also: object) -> None:
        tasks: list[Mapping[str, object]] = []
        calls: list[Mapping[str, object]] = []
        for number, (phase, done) in enumerate(rounds):
            for agent, begin, end, ttft, tokens in done:
                index = len(tasks)
                times = {"planned_ns": int(begin * MS), "started_ns": int(begin * MS), "ended_ns": int(end * MS)}
                task = {"run_id": "r1", "task": index, "agent": agent, "outcome": "ok", "phase": phase, "round": number}
                tasks.append(task | times | also)
                for turn in range(2):
                    first = int(ttft * MS)
                    arrivals = [first + MS * k for k in range(tokens // 2)]
                    calls.append(
                        {"task": index, "turn": turn, "phase": phase, "planned_ns": int(begin * MS) + turn,
                         "sent_ns": 0, "arrivals_ns": arrivals, "engine_prompt_ms": 10.0}
                    )  # fmt: skip
        self.tasks = pa.Table.from_pylist(tasks, schema=TASKS)
        self.requests = requests_table(calls)

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        found = {"tasks": self.tasks, "requests": self.requests}[name]
        return found.select(list(columns)) if columns else found


def asked(metric_id: str, tables: Rounds) -> RunValues:
    return per_run(runs_table([{}]), tables.requests, metric_id, tables=tables)


def value(metric_id: str, tables: Rounds) -> float:
    found = asked(metric_id, tables)
    assert not found.missing, metric_id
    return float(found.values[0])


TWICE_AS_SLOW = Rounds(
    ("cold", [("a", 0, 900, 500, 20), ("b", 0, 900, 500, 20)]),
    ("warmup", [("a", 1000, 1900, 500, 20), ("b", 1000, 1900, 500, 20)]),
    ("measured", [("b", 2000, 2010, 100, 20)]),
    ("measured", [("a", 3000, 3020, 200, 20), ("b", 3000, 3018, 160, 16)]),
    ("measured", [("a", 4000, 4010, 100, 20)]),
)
"""Alone each task takes 10 ms, together 20 ms and 18 ms."""


@pytest.mark.parametrize(
    ("metric_id", "expected"),
    [
        ("overlap_ratio", 1.9),
        ("overlap_efficiency", 95.0),
        ("parallel_speedup", 1.0),
        ("parallel_efficiency", 50.0),
        ("length_imbalance", 100 * 4 / 36),
        ("imbalance_loss", 5.0),
        ("coordination_loss", 0.0),
        ("coordination_time", 0.0),
        ("contention", 0.0),
        ("contention_relative", 100.0),
        ("ttft_inflation", 1.8),
        ("aggregate_tps", 1800.0),
        ("tasks_per_hour", 2 * 3.6e6 / 20),
        ("task_tps_together", 36 / 0.038),
        ("task_tps_alone", 40 / 0.020),
        ("ttft_together", 180.0),
        ("ttft_alone", 100.0),
        ("queue_together", 170.0),
        ("queue_alone", 90.0),
        ("throughput_delta", 20 / 0.020 - 16 / 0.018),
        ("ttft_delta", 40.0),
        ("task_duration", 19.0),
        ("task_duration_alone", 10.0),
        ("start_skew", 0.0),
        ("wall_time_together", 0.02),
        ("time_one_by_one", 0.02),
    ],
)
def test_a_run_of_two_agents_with_baselines(metric_id: str, expected: float) -> None:
    assert value(metric_id, TWICE_AS_SLOW) == pytest.approx(expected)


def test_a_wait_of_more_than_three_seconds_is_contention() -> None:
    alone = [("measured", [(agent, at, at + 5000, 100, 4)]) for agent, at in (("a", 0), ("b", 10_000))]
    together = ("measured", [("a", 20_000, 29_000, 3101, 4), ("b", 20_000, 29_000, 3100, 4)])
    assert value("contention", Rounds(*alone, together)) == 50.0


def test_where_alone_was_not_measured_there_is_no_speed_up() -> None:
    only = Rounds(("measured", [("a", 0, 10, 1, 4), ("b", 0, 10, 1, 4)]))
    assert value("overlap_ratio", only) == 2.0
    for name in ("parallel_speedup", "parallel_efficiency", "contention", "ttft_inflation", "ttft_alone"):
        assert asked(name, only).missing == {Missing.NOT_APPLICABLE: 1}


def test_one_agent_has_rates_and_no_overlap() -> None:
    only = Rounds(("measured", [("a", 0, 10, 1, 4)]))
    assert value("aggregate_tps", only) == 400.0
    for name in ("overlap_ratio", "length_imbalance", "coordination_loss", "start_skew", "ttft_delta"):
        assert asked(name, only).missing == {Missing.NOT_APPLICABLE: 1}


def test_a_task_that_failed_leaves_no_number() -> None:
    failed = Rounds(("measured", [("a", 0, 10, 1, 4), ("b", 0, 10, 1, 4)]), outcome="failed")
    for name in ("overlap_ratio", "aggregate_tps", "ttft_together"):
        assert asked(name, failed).missing == {Missing.TASK_FAILED: 1}
    assert asked("agent_cpu_time", failed).missing == {Missing.TASK_FAILED: 1}


def test_calls_without_tokens_have_no_ttft() -> None:
    empty = Rounds(("measured", [("a", 0, 10, 1, 0), ("b", 0, 10, 1, 0)]))
    assert asked("ttft_together", empty).missing == {Missing.NO_TOKENS: 1}
    assert asked("length_imbalance", empty).missing == {Missing.NO_TOKENS: 1}


def test_what_a_process_used_is_read_from_its_tasks() -> None:
    used = {"startup_ns": 5 * MS, "cpu_ns": 7 * MS, "wait_ns": 2 * MS, "peak_rss_bytes": 3 << 20, "threads": 4}
    tables = Rounds(("measured", [("a", 0, 10, 1, 4)]), **used, context_switches=9)
    names = ("startup", "cpu_time", "cpu_wait", "rss_peak", "threads", "switches")
    assert [value(f"agent_{name}", tables) for name in names] == [5.0, 7.0, 2.0, 3.0, 4.0, 9.0]
    unknown = Rounds(("measured", [("a", 0, 10, 1, 4)]))
    assert asked("agent_threads", unknown).missing == {Missing.NOT_REPORTED: 1}


@given(st.lists(st.floats(1, 1e4), min_size=2, max_size=8), st.floats(0, 1e3))
def test_efficiency_and_its_two_losses_are_everything(durations: list[float], late: float) -> None:
    tasks = [(f"a{k}", 0.0, late + duration, 1.0, 2) for k, duration in enumerate(durations)]
    tables = Rounds(("measured", tasks))
    started = pa.array([int(late * MS)] * len(tasks), pa.int64())
    place = tables.tasks.schema.get_field_index("started_ns")
    tables.tasks = tables.tasks.set_column(place, "started_ns", started)
    parts = [value(name, tables) for name in ("overlap_efficiency", "imbalance_loss", "coordination_loss")]
    assert sum(parts) == pytest.approx(100.0)


def test_quality_is_the_published_formula() -> None:
    assert quality("") == 0.0
    assert quality("Tokens per request; the file shows it.") == pytest.approx(100.0)
    assert quality("good good good good") == pytest.approx(100 * 0.3 / 4)
    assert quality("The ttft is long") == pytest.approx(100 * (0.5 / 3 + 0.3))


def test_metrics_of_work_need_no_requests_of_their_own() -> None:
    assert isinstance(metric("parallel_speedup"), WorkMetric)
