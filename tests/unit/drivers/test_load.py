"""The settings of a cell choose the driver, and every request of a run is its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest

from harness.design import Prompt, Value, Workload
from harness.events import Phase, Request
from harness.load import drive, engine_settings
from harness.protocols import Call, Deadlines, EngineFailed
from harness.run_spec import RunSpec
from harness.single_stream import caching_is_studied

SPEC = RunSpec(
    study="s",
    run_id="r-000",
    cell_id="r",
    replicate=0,
    block=0,
    position=0,
    backend="pacer",
    model="pacer",
    settings={},
    workload=Workload((Prompt("a", "Ask"), Prompt("b", "Beg")), max_tokens=4, warmup=1),
    max_tokens=4,
    deadlines=Deadlines(),
    engine_log="",
)


def asked(**settings: Value) -> list[Call]:
    calls: list[Call] = []

    async def ask(call: Call) -> Request:
        calls.append(call)
        return Request(call.index, call.phase, call.prompt_id)

    asyncio.run(drive(replace(SPEC, settings=settings), ask))
    return sorted(calls, key=lambda call: call.index)


def test_one_stream_unless_asked_for_more() -> None:
    calls = asked()
    assert [c.phase.value for c in calls] == ["cold", "warmup", "measured", "measured"]
    assert {c.planned_ns for c in calls} == {0}


def test_each_stream_has_requests_of_its_own() -> None:
    calls = asked(streams=3, stagger_us=500)
    assert [c.index for c in calls] == list(range(12))
    assert len({c.text for c in calls}) == 12
    assert [c.stream for c in calls] == [0] * 4 + [1] * 4 + [2] * 4
    first = [c.planned_ns for c in calls if c.planned_ns]
    assert [b - a for a, b in pairwise(first)] == [500_000, 500_000]


def test_open_arrivals_follow_the_cold_and_warm_up_requests() -> None:
    calls = asked(rate_per_s=1000.0, requests=5)
    measured = [c for c in calls if c.phase is Phase.MEASURED]
    assert [c.prompt_id for c in measured] == ["a", "b", "a", "b", "a"]
    assert [c.index for c in calls] == list(range(7))
    assert all(b.planned_ns > a.planned_ns > 0 for a, b in pairwise(measured))


def test_a_repeated_prompt_has_no_prefix_and_may_use_the_cache() -> None:
    assert {c.text for c in asked(prompt="repeated")} == {"Ask", "Beg"}
    assert {c.cache_prompt for c in asked(prompt="repeated")} == {True}
    assert {c.cache_prompt for c in asked(prompt="repeated", cache_prompt=False)} == {False}
    assert {c.cache_prompt for c in asked(cache_prompt=True)} == {True}
    assert {c.cache_prompt for c in asked()} == {False}


@pytest.mark.parametrize(
    ("settings", "studied"), [({}, False), ({"prompt": "unique"}, True), ({"cache_prompt": False}, True)]
)
def test_cache_hits_are_no_flaw_where_they_are_studied(settings: dict[str, Value], studied: bool) -> None:
    assert caching_is_studied(replace(SPEC, settings=settings)) is studied


def test_the_engine_does_not_hear_of_the_load() -> None:
    settings: Mapping[str, Value] = {"streams": 8, "rate_per_s": 2.0, "threads": 2, "prompt": "unique"}
    assert engine_settings(settings) == {"threads": 2}


@pytest.mark.parametrize("streams", [0, -1, 1.5, True, "many"])
def test_an_impossible_number_of_streams_is_a_typed_failure(streams: Value) -> None:
    with pytest.raises(EngineFailed, match="streams"):
        asked(streams=streams)
