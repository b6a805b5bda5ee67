"""The load chooses the loop, the servers share the requests, and every request of a run is its own."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import monotonic_ns

import pytest

from harness.design import Prompt, Value, Workload
from harness.design.load import AgentTasks, ClosedLoop, Replay
from harness.events import Phase, Request
from harness.outcomes import Code
from harness.protocols import Call, EngineFailed
from harness.workload.driver import drive, drive_share, load_facts
from harness.workload.requests import caching_is_studied
from harness.workload.trace import read_trace
from tests.support.specs import spec_of

WORKLOAD = Workload((Prompt("a", "Ask"), Prompt("b", "Beg")), max_tokens=4, warmup=1)
SERVERS: dict[str, Value] = {"server__x__threads": 1, "server__y__threads": 2}


def asked(workload: Workload = WORKLOAD, **settings: Value) -> list[Call]:
    calls: list[Call] = []

    async def ask(call: Call) -> Request:
        calls.append(call)
        return Request(call.index, call.phase, call.prompt_id)

    spec = spec_of("pacer", "pacer", workload, **settings)
    assert not isinstance(spec.settings.load, AgentTasks)
    asyncio.run(drive(spec, spec.settings.load, ask))
    return sorted(calls, key=lambda call: call.index)


def test_a_seed_that_is_set_is_that_of_the_first_request() -> None:
    assert [call.seed for call in asked()] == [WORKLOAD.seed + index for index in range(4)]
    assert [call.seed for call in asked(seed=7)] == [7, 8, 9, 10]


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
    digest = hashlib.sha256(trace.read_bytes()).hexdigest()
    assert load_facts(Replay(str(trace), trace_speed=0.5)) == {
        "trace_sha256": digest,
        "trace_format": "arrivals",
        "trace_left_out": 0,
    }
    assert load_facts(Replay("nowhere")) == load_facts(ClosedLoop(2)) == {}


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


def test_cache_hits_are_no_flaw_where_they_are_studied() -> None:
    assert not caching_is_studied(spec_of("pacer", "pacer"))
    assert caching_is_studied(spec_of("pacer", "pacer", prompt="unique"))
    assert caching_is_studied(spec_of("pacer", "pacer", replace(WORKLOAD, unique_prefix=False)))


def test_offline_plans_all_requests_at_one_moment() -> None:
    measured = [c for c in asked(offline=True, requests=5) if c.phase is Phase.MEASURED]
    assert [c.prompt_id for c in measured] == ["a", "b", "a", "b", "a"]
    assert len({c.planned_ns for c in measured}) == 1


def test_a_group_of_prompts_and_a_cap_of_its_own() -> None:
    grouped = Workload((Prompt("a", "Ask", "short"), Prompt("b", "Beg", "long")), max_tokens=4, warmup=0)
    calls = asked(grouped, prompts="long", max_tokens=9, temperature=0.0)
    assert {(c.prompt_id, c.max_tokens, c.temperature) for c in calls} == {("b", 9, 0.0)}


def test_the_cold_request_may_be_of_another_group() -> None:
    grouped = Workload((Prompt("a", "Ask", "short"), Prompt("b", "Beg", "long")), max_tokens=4, warmup=1)
    calls = asked(grouped, prompts="long", cold="short")
    assert [(c.phase.value, c.prompt_id) for c in calls] == [("cold", "a"), ("warmup", "b"), ("measured", "b")]


def test_the_streams_of_a_closed_loop_share_the_servers() -> None:
    calls = asked(streams=3, **SERVERS)
    assert {(c.stream, c.server) for c in calls} == {(0, "x"), (1, "y"), (2, "x")}
    assert [c.index for c in calls] == list(range(12))


def test_the_arrivals_of_an_open_loop_go_round_the_servers_with_the_same_prompts() -> None:
    calls = asked(rate_per_s=1000.0, requests=8, **SERVERS)
    assert [c.index for c in calls] == list(range(12))
    before = [(c.phase.value, c.server) for c in calls if c.phase is not Phase.MEASURED]
    assert before == [("cold", "x"), ("warmup", "x"), ("cold", "y"), ("warmup", "y")]
    measured = [c for c in calls if c.phase is Phase.MEASURED]
    assert [c.server for c in measured] == ["x", "y"] * 4
    assert [c.prompt_id for c in measured] == ["a", "a", "b", "b"] * 2
    assert len({c.text for c in calls}) == 12


def test_a_share_asks_its_streams_at_their_moments() -> None:
    calls: list[Call] = []

    async def ask(call: Call) -> Request:
        calls.append(call)
        return Request(call.index, call.phase, call.prompt_id)

    load = ClosedLoop(streams=4, clients=2, stagger_us=500)
    spec = spec_of("pacer", "pacer", WORKLOAD, streams=4, clients=2, stagger_us=500)
    start_ns = monotonic_ns()
    asyncio.run(drive_share(spec, load, ask, (1, 3), start_ns))
    first = {c.stream: c.planned_ns - start_ns for c in calls if c.planned_ns}
    assert first == {1: 500_000, 3: 1_500_000}
    whole = asked(streams=4)
    assert sorted(c.text for c in calls) == sorted(c.text for c in whole if c.stream in (1, 3))


AZURE = """TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:17:03.9799600,374,44
2023-11-16 18:17:04.0319600,396,109
2023-11-16 18:17:04.9799600,879,55
"""
BURST = """Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
5,ChatGPT,472,18,490,Conversation log
45,ChatGPT,1087,0,1087,Conversation log
118,GPT-4,417,276,693,API log
"""


@pytest.mark.parametrize(
    ("text", "kind", "offsets_ms", "lengths", "left_out"),
    [
        (AZURE, "azure", [0, 52, 1000], [(374, 44), (396, 109), (879, 55)], 0),
        (AZURE.replace("9600,", "9600+00:00,"), "azure", [0, 52, 1000], [(374, 44), (396, 109), (879, 55)], 0),
        (BURST, "burstgpt", [0, 113_000], [(472, 18), (417, 276)], 1),
        ("\ufeff" + BURST.replace("Timestamp", "timestamp"), "burstgpt", [0, 113_000], [(472, 18), (417, 276)], 1),
        (
            "Log Type,Timestamp,Session ID,Response tokens,Request tokens\nAPI log,1.5,s,7.0,9\n",
            "burstgpt",
            [0],
            [(9, 7)],
            0,
        ),
    ],
)
def test_public_traces_are_read_with_their_lengths(
    tmp_path: Path, text: str, kind: str, offsets_ms: list[int], lengths: list[tuple[int, int]], left_out: int
) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text, encoding="utf-8")
    found = read_trace(path)
    assert (found.kind, found.left_out) == (kind, left_out)
    assert [at / 1e6 for at in found.offsets_ns] == pytest.approx(offsets_ms, abs=1e-3)
    assert [(one.prompt, one.answer) for one in found.lengths] == lengths
    assert read_trace(path, 10.0).offsets_ns == tuple(round(at / 10) for at in found.offsets_ns)


def test_requests_have_the_lengths_of_their_trace(tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    trace.write_text(AZURE, encoding="utf-8")
    asked_for = {"trace": str(trace), "trace_speed": 100.0}
    measured = [c for c in asked(**asked_for, trace_lengths=True, trace_scale=0.1) if c.phase is Phase.MEASURED]
    assert [c.max_tokens for c in measured] == [4, 11, 6]
    plain = [c for c in asked(**asked_for) if c.phase is Phase.MEASURED]
    longer = [len(c.text.split()) - len(p.text.split()) for c, p in zip(measured, plain, strict=True)]
    assert longer == [37, 40, 88]
    again = [c.text for c in asked(**asked_for, trace_lengths=True, trace_scale=0.1) if c.phase is Phase.MEASURED]
    assert again == [c.text for c in measured]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (AZURE + "soon,1,1\n", "line 5: no timestamp"),
        (AZURE + "2023-11-16 18:17:09,1\n", "line 5: no timestamp, contexttokens, generatedtokens"),
        (AZURE + "2023-11-16 18:17:09+02:00,1,1\n", "line 5"),
        (AZURE + "NaT,1,1\n", "line 5"),
        (AZURE + "2023-11-16 18:17:09,-1,1\n", "line 5"),
        (AZURE + "2023-11-16 18:17:09,1.5,1\n", "line 5"),
        (AZURE + "2023-11-16 18:17:03,1,1\n", "goes back in time"),
        (BURST + "inf,m,1,1,2,x\n", "line 5: no finite time"),
        (BURST + "200,m,1e300,1,2,x\n", "line 5"),
        (BURST.splitlines()[0], "holds no arrivals"),
        ("0\n1\n", "tells no lengths"),
    ],
)
def test_a_bad_public_trace_names_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "trace").write_text(text, encoding="utf-8")
    with pytest.raises(EngineFailed, match=message) as caught:
        asked(trace=str(tmp_path / "trace"), trace_lengths=True)
    assert caught.value.outcome.code is Code.SETTING_REJECTED
