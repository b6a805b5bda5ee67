"""Flat settings become typed ones, and what no run can have is refused with what to correct."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.design import Scenario, Value, scenario_of
from harness.design.limits import Limits, limits_of
from harness.design.load import AgentTasks, ClosedLoop, Load, Offline, OpenLoop, Replay, load_of
from harness.design.settings import (
    TRAFFIC_SETTINGS,
    AgentSettings,
    RequestSettings,
    RunSettings,
    ServerSettings,
    run_settings,
    traffic_key,
)
from harness.errors import StudyError
from harness.processes.json_lines import dump, load

REPORT = {"language": "python", "task": "report"}


def settings(**flat: Value) -> RunSettings:
    return run_settings({"model": "m", **dotted(flat)}, "llama_cpp")


def dotted(flat: dict[str, Value]) -> dict[str, Value]:
    return {name.replace("__", "."): value for name, value in flat.items()}


def agent(name: str, **more: Value) -> dict[str, Value]:
    return {f"agent__{name}__{key}": value for key, value in {**REPORT, **more}.items()}


def test_a_run_is_one_stream_at_one_server_unless_it_says_otherwise() -> None:
    found = settings(num_ctx=512)
    assert found == RunSettings(
        ClosedLoop(1, 1, 0), RequestSettings(), (ServerSettings("", "llama_cpp", "m", {"num_ctx": 512}),), ()
    )


@pytest.mark.parametrize(
    ("flat", "expected", "scenario"),
    [
        ({}, ClosedLoop(), Scenario.SINGLE_STREAM),
        ({"streams": 1, "stagger_us": 5}, ClosedLoop(stagger_us=5), Scenario.SINGLE_STREAM),
        ({"streams": 4, "clients": 2}, ClosedLoop(4, 2), Scenario.MULTI_STREAM),
        ({"load__streams": 2}, ClosedLoop(2), Scenario.MULTI_STREAM),
        ({"rate_per_s": 2, "requests": 9, "max_in_flight": 3}, OpenLoop(2.0, 9, 3), Scenario.SERVER),
        ({"trace": "t.csv", "trace_speed": 0.5}, Replay("t.csv", 0.5), Scenario.SERVER),
        ({"offline": True, "requests": 7}, Offline(offline=True, requests=7), Scenario.OFFLINE),
        ({**agent("a"), "tasks": 3}, AgentTasks(1, 3), Scenario.SINGLE_STREAM),
        ({**agent("a"), **agent("b")}, AgentTasks(2, 1), Scenario.MULTI_STREAM),
    ],
)
def test_the_load_makes_the_scenario(flat: dict[str, Value], expected: Load, scenario: Scenario) -> None:
    found = load_of(dotted(flat))
    assert (found, type(found)) == (expected, type(expected))
    assert scenario_of(found) is scenario


@pytest.mark.parametrize(
    ("flat", "message"),
    [
        ({"streams": 0}, "streams is 0; input should be greater than or equal to 1"),
        ({"streams": -1}, "streams is -1"),
        ({"streams": True}, "streams is true"),
        ({"streams": 1.5}, "streams is 1.5"),
        ({"streams": "many"}, 'streams is "many"'),
        ({"stagger_us": -1}, "stagger_us is -1"),
        ({"clients": 3, "streams": 2}, "clients is 3, but they share the streams, and there are 2"),
        ({"load__streem": 2}, "a closed loop has no setting streem; did you mean streams?"),
        ({"max_in_flight": 2}, "a closed loop has no setting max_in_flight; it has streams, clients, stagger_us"),
        ({"rate_per_s": 1.0, "streams": 2}, "an open loop has no setting streams"),
        ({"rate_per_s": 1.0, "clients": 2}, "an open loop has no setting clients"),
        ({"rate_per_s": 0.0}, "rate_per_s is 0.0"),
        ({"rate_per_s": float("inf")}, "rate_per_s is Infinity"),
        ({"rate_per_s": float("nan")}, "rate_per_s is NaN"),
        ({"rate_per_s": 1.0, "trace": "t"}, "an open loop has no setting trace"),
        ({"trace": 3}, "trace is 3"),
        ({"trace": "t", "trace_speed": 0}, "trace_speed is 0"),
        ({"offline": False}, "offline is false"),
        ({"load__streams": 2, "streams": 3}, "streams and load.streams are one setting; keep one"),
        ({"prompt": "other"}, "prompt is \"other\"; input should be 'unique' or 'repeated'"),
        ({"cache_prompt": 1}, "cache_prompt is 1"),
        ({"max_tokens": 0}, "max_tokens is 0"),
        ({"temperature": -0.1}, "temperature is -0.1"),
        ({"temperature": "hot"}, 'temperature is "hot"'),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"seed": True}, "seed is true"),
        ({"request__seed": 2**31}, "seed is 2147483648"),
        ({"request__temprature": 1.0}, "a request has no setting temprature; did you mean temperature?"),
        ({"servr__a__x": 1}, "has the scope 'servr'; the scopes are load, request, server, agent, slo"),
        ({"server__a": 1}, "must read server.NAME.SETTING"),
        ({"server__../x__y": 1}, "must read server.NAME.SETTING"),
        ({"server__a/b__y": 1}, "must read server.NAME.SETTING"),
        ({"server__a__x": 1, "server__b__x": 1}, "streams is 1, so not each of 2 servers is asked"),
        ({"server__a__model": 7}, "the server 'a' names no model"),
        ({"model": 7}, "it names no model"),
        ({"backend": 7}, "it names no backend"),
        ({"agent__a__task": "report"}, "the agent 'a' names no language"),
        (agent("a", server="z"), "the agent 'a' asks the server 'z'"),
        ({**agent("a"), "streams": 2}, "a load of agents has no setting streams; it has agents, tasks"),
        ({**agent("a"), "load__agents": 2}, "load.agents counts the agents that are declared"),
        ({"tasks": 2}, "a closed loop has no setting tasks"),
    ],
)
def test_what_no_run_can_have_is_refused_in_one_line(flat: dict[str, Value], message: str) -> None:
    with pytest.raises(StudyError) as caught:
        settings(**flat)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_setting_without_a_scope_is_every_server_s_and_its_own_wins() -> None:
    flat: dict[str, Value] = {"threads": 2, "num_ctx": 256, "server__b__threads": 1, "server__a__backend": "ollama"}
    found = settings(streams=2, server__b__model="other", **flat)
    assert found.servers == (
        ServerSettings("a", "ollama", "m", {"threads": 2, "num_ctx": 256}),
        ServerSettings("b", "llama_cpp", "other", {"threads": 1, "num_ctx": 256}),
    )


def test_an_agent_asks_the_first_server_unless_it_says_which() -> None:
    servers: dict[str, Value] = {"server__x__threads": 1, "server__y__threads": 1}
    found = settings(**servers, **agent("one", runtime="smol", read=1024), **agent("two", server="y"))
    assert found.agents == (
        AgentSettings("one", "python", "report", "x", "smol", {"read": 1024}),
        AgentSettings("two", "python", "report", "y"),
    )


def test_the_engine_does_not_hear_of_the_load_or_of_the_requests() -> None:
    found = settings(streams=8, stagger_us=1, prompts="short", prompt="unique", temperature=0, max_tokens=4, threads=2)
    assert found.servers[0].engine == {"threads": 2}
    assert found.requests == RequestSettings("short", "unique", None, 4, 0.0)


@pytest.mark.parametrize(
    ("flat", "studied"),
    [({}, False), ({"prompt": "unique"}, True), ({"cache_prompt": False}, True), ({"threads": 2}, False)],
)
def test_caching_is_studied_where_it_is_set(flat: dict[str, Value], studied: bool) -> None:
    assert settings(**flat).requests.studies_caching is studied


VALUES = st.one_of(st.booleans(), st.integers(-3, 9), st.floats(0, 9), st.sampled_from(["unique", "all", "t.csv"]))
AGENT = ("agent.a.language", "agent.a.task")
NAMES = st.sampled_from(
    [
        *sorted(TRAFFIC_SETTINGS),
        "threads",
        "load.tasks",
        "server.a.threads",
        "server.b.model",
        "agent.a.language",
        "agent.a.task",
    ]
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_typed_settings_survive_the_way_to_the_worker_or_are_refused(flat: dict[str, Value]) -> None:
    with suppress(StudyError):
        found = run_settings({"model": "m", **flat}, "llama_cpp")
        again = load(RunSettings, dump(found))
        assert again == found
        assert type(again.load) is type(found.load)
        assert [[(name, type(value)) for name, value in server.engine.items()] for server in again.servers] == [
            [(name, type(value)) for name, value in server.engine.items()] for server in found.servers
        ]


def test_values_that_are_equal_and_of_different_types_are_told_apart() -> None:
    assert traffic_key({"streams": 1}) != traffic_key({"streams": True})
    assert traffic_key({"streams": 1, "threads": 2}) == traffic_key({"streams": 1, "threads": 3})


def test_limits_are_read_by_metric_and_never_reach_a_server() -> None:
    asked = {"slo.ttft_ms": 500.0, "slo.e2e_ms": 4000, "streams": 2, "num_ctx": 512}
    assert limits_of(asked) == Limits(ttft_ms=500.0, e2e_ms=4000)
    assert settings(slo__ttft_ms=500.0, num_ctx=512).servers[0].engine == {"num_ctx": 512}


@pytest.mark.parametrize(
    ("flat", "message"),
    [
        ({"slo__tfft_ms": 500.0}, "a latency limit has no setting tfft_ms; did you mean ttft_ms"),
        ({"slo__ttft_ms": 0.0}, "ttft_ms is 0.0"),
        ({"slo__ttft_ms": "fast"}, 'ttft_ms is "fast"'),
    ],
)
def test_a_limit_that_cannot_be_is_refused(flat: dict[str, Value], message: str) -> None:
    with pytest.raises(StudyError, match=re.escape(message)):
        settings(**flat)
