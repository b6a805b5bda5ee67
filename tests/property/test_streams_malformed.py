"""Malformed streams: every one ends in a typed outcome, and none passes a wrong number off as a good one."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harness.client.decode import Decoded
from harness.client.event_loop import new_event_loop
from harness.client.measured_request import measure
from harness.events import Phase as CallPhase
from harness.outcomes import Status
from harness.protocols import Call, Deadlines
from tests.support.stream_server import HEAD, http_chunk, replay, sends, serving
from tests.support.stream_strategies import DIALECTS, Wire, damaged, seen, wires


def check(out: Decoded) -> None:
    """What holds for every outcome."""
    counters = out.counters
    for value in (counters.prompt_n, counters.cache_n, counters.predicted_n):
        assert value is None or (type(value) is int and value >= 0)
    for duration in (counters.prompt_ms, counters.predicted_ms):
        assert duration is None or (math.isfinite(duration) and duration >= 0)
    assert all(tokens >= 1 for tokens in out.tokens)
    assert len(out.tokens) == len(out.arrivals_ns)
    out.text.encode()
    if out.outcome.status is Status.OK:
        assert out.end_ns is not None
        assert out.tokens


@given(damaged())
@settings(max_examples=400, deadline=None)
def test_damage_anywhere_ends_in_a_typed_outcome(wire: Wire) -> None:
    check(seen(replay([wire.data]), wire.dialect)[1])


@given(st.sampled_from(sorted(DIALECTS)), st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_as_a_body_end_in_a_typed_outcome(dialect: str, body: bytes) -> None:
    data = HEAD + (http_chunk(body) if body else b"") + b"0\r\n\r\n"
    out = seen(replay([data]), dialect)[1]
    check(out)
    assert out.outcome.status is not Status.OK


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_as_a_response_end_in_a_typed_outcome(data: bytes) -> None:
    answer = replay([data])
    assert answer.outcome.status in (Status.FAILED, Status.OK)
    check(seen(answer, "llama_cpp")[1])


@given(wires(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_stream_cut_before_its_terminal_record_is_never_good(wire: Wire, data: st.DataObject) -> None:
    """Every prefix either lacks the terminal record, and fails, or holds it, and says all."""
    cut = data.draw(st.integers(0, len(wire.data) - 1))
    found, out = seen(replay([wire.data[:cut]]), wire.dialect)
    check(out)
    if out.outcome.status is Status.OK:
        assert found.text == "".join(wire.words)
    else:
        assert out.outcome.status is Status.FAILED


HASTE = Deadlines(connect_s=0.5, first_byte_s=0.3, gap_s=0.3, total_s=0.6)
TICK_S = 0.01


class Ticks:
    """A clock that stands still while the whole process does, as on a crowded machine: only a hang moves it."""

    def __init__(self) -> None:
        self.count = 0

    async def run(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.count += 1


async def one(wire: Wire, ticks: Ticks) -> None:
    async with serving(sends(wire.data, 10.0)) as target:
        began = ticks.count
        asked = Call(0, CallPhase.MEASURED, "p", "x", 8, 1, deadlines=HASTE)
        request = await measure(asked, target, {}, DIALECTS[wire.dialect])
        assert (ticks.count - began) * TICK_S < HASTE.total_s + 60.0
        assert request.outcome.status in (Status.OK, Status.DEGRADED, Status.FAILED)


async def together(wires_: list[Wire]) -> None:
    ticks = Ticks()
    ticking = asyncio.create_task(ticks.run())
    await asyncio.gather(*(one(wire, ticks) for wire in wires_))
    ticking.cancel()


def over_a_socket(examples: int) -> None:
    """Sends ``examples`` damaged streams over real sockets, in batches, leaving each connection open."""

    @given(st.lists(damaged(), min_size=20, max_size=20))
    @settings(
        max_examples=examples // 20,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def batch(wires_: list[Wire]) -> None:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(together(wires_))

    batch()


def test_damaged_streams_over_a_socket_keep_their_deadlines() -> None:
    over_a_socket(100)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_10_000_damaged_streams_over_a_socket_keep_their_deadlines() -> None:
    over_a_socket(10_000)
