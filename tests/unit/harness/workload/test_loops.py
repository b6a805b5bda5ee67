"""Who is asked when: schedules are exact, loops keep their kind under a slow engine."""

from __future__ import annotations

import asyncio
import statistics
from itertools import pairwise
from time import monotonic_ns

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.events import Phase, Request
from harness.protocols import Call
from harness.workload import closed_loop, open_loop, poisson, replayed, uniform


class Engine:
    """Answers each call after ``takes_s`` from its planned start, and remembers what was asked."""

    def __init__(self, takes_s: float) -> None:
        self.takes_s = takes_s
        self.calls: list[Call] = []
        self.busy = 0
        self.most = 0

    async def ask(self, call: Call) -> Request:
        self.calls.append(call)
        self.busy += 1
        self.most = max(self.most, self.busy)
        await asyncio.sleep(max(0, call.planned_ns - monotonic_ns()) / 1e9 + self.takes_s)
        self.busy -= 1
        return Request(call.index, call.phase, call.prompt_id, stream=call.stream, planned_ns=call.planned_ns)


def calls(n: int, stream: int = 0, first: int = 0) -> list[Call]:
    return [Call(first + i, Phase.MEASURED, "p", "text", 4, 1, stream=stream) for i in range(n)]


def test_a_closed_loop_asks_one_at_a_time_on_each_stream() -> None:
    engine = Engine(0.005)
    done = asyncio.run(closed_loop(engine.ask, [calls(3, 0, 0), calls(3, 1, 3)]))
    assert engine.most == 2
    assert [r.index for r in done] == list(range(6))
    assert [c.planned_ns == 0 for c in engine.calls if c.stream == 1] == [False, True, True]


def test_streams_begin_staggered() -> None:
    engine = Engine(0.0)
    asyncio.run(closed_loop(engine.ask, [calls(1, k, k) for k in range(4)], stagger_ns=1_000_000))
    planned = sorted(c.planned_ns for c in engine.calls)
    assert [b - a for a, b in pairwise(planned)] == [1_000_000] * 3


def test_an_open_loop_does_not_wait_for_a_slow_engine() -> None:
    engine = Engine(0.05)
    asyncio.run(open_loop(engine.ask, calls(8), uniform(1000, 8)))
    assert engine.most == 8
    planned = [c.planned_ns for c in engine.calls]
    assert [b - a for a, b in pairwise(planned)] == [1_000_000] * 7


def test_a_bounded_open_loop_queues_but_keeps_the_plan() -> None:
    engine = Engine(0.01)
    done = asyncio.run(open_loop(engine.ask, calls(6), uniform(1000, 6), max_in_flight=2))
    assert engine.most == 2
    assert [b.planned_ns - a.planned_ns for a, b in pairwise(done)] == [1_000_000] * 5


def test_a_schedule_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 calls, but 1"):
        asyncio.run(open_loop(Engine(0).ask, calls(2), (0,)))


@given(st.floats(0.1, 1e4), st.integers(0, 200), st.integers(0, 2**32))
def test_poisson_schedules_ascend_and_repeat(rate: float, n: int, seed: int) -> None:
    offsets = poisson(rate, n, seed)
    assert list(offsets) == sorted(offsets)
    assert len(offsets) == n
    assert offsets == poisson(rate, n, seed)


def test_poisson_has_the_mean_and_the_spread_of_its_process() -> None:
    gaps = [b - a for a, b in pairwise((0, *poisson(100.0, 20_000, 7)))]
    assert statistics.fmean(gaps) == pytest.approx(1e7, rel=0.03)
    assert statistics.stdev(gaps) == pytest.approx(1e7, rel=0.03)


def test_a_trace_is_replayed_faster() -> None:
    assert replayed([0.0, 1.0, 1.0, 4.0], speed=2.0) == (0, 500_000_000, 500_000_000, 2_000_000_000)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan")])
def test_impossible_rates_are_refused(rate: float) -> None:
    with pytest.raises(UsageError):
        uniform(rate, 3)


@pytest.mark.parametrize("trace", [[0.0, 2.0, 1.0], [-1.0, 0.0]])
def test_impossible_traces_are_refused(trace: list[float]) -> None:
    with pytest.raises(UsageError, match="trace"):
        replayed(trace)
