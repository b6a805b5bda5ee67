"""The settings of a cell choose the driver, and every request of a run is its own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from harness.design import Prompt, Value, Workload
from harness.events import Phase, Request
from harness.outcomes import Code
from harness.protocols import Call, Deadlines, EngineFailed
from harness.protocols.run_spec import RunSpec
from harness.workload.driver import drive, engine_settings, load_facts
from harness.workload.requests import caching_is_studied
from harness.workload.trace import read_trace

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


def test_a_trace_is_replayed_and_its_hash_recorded(tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    trace.write_text("at_s,user\n0,a\n0.002,b\n0.003,a\n")
    calls = asked(trace=str(trace), trace_speed=0.5)
    measured = [c for c in calls if c.phase is Phase.MEASURED]
    assert [b.planned_ns - a.planned_ns for a, b in pairwise(measured)] == [4_000_000, 2_000_000]
    assert [c.prompt_id for c in measured] == ["a", "b", "a"]
    assert len([c for c in asked(trace=str(trace), requests=2) if c.phase is Phase.MEASURED]) == 2
    assert load_facts({"trace": str(trace)}) == {"trace_sha256": hashlib.sha256(trace.read_bytes()).hexdigest()}
    assert load_facts({"streams": 2}) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no trace"),
        ("", "holds no arrivals"),
        ("at_s\n", "holds no arrivals"),
        ("0\nsoon\n", "line 2: no arrival time"),
        ('{"at_s": 0}\n{"when": 1}\n', "line 2: no arrival time"),
        ("0\n-1\n", "line 2: an arrival lies"),
        ("0\nnan\n", "line 2: an arrival lies"),
        ("0\n2\n1\n", "goes back in time"),
        ('{"at_s": 1' + "0" * 400 + "}\n", "line 1: no arrival time"),
    ],
)
def test_a_bad_trace_is_a_typed_refusal_before_anything_is_asked(
    tmp_path: Path, text: str | None, message: str
) -> None:
    trace = tmp_path / "trace"
    if text is not None:
        trace.write_text(text)
    with pytest.raises(EngineFailed, match=message) as caught:
        asked(trace=str(trace))
    assert caught.value.outcome.code is Code.SETTING_REJECTED


def test_lines_may_be_json(tmp_path: Path) -> None:
    (tmp_path / "trace").write_text('{"at_s": 0}\n\n{"at_s": 0.25, "tokens": 9}\n')
    assert read_trace(tmp_path / "trace").offsets_ns == (0, 250_000_000)


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
