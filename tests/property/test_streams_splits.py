"""The same bytes give the same tokens, text, counters and outcome however they were split into segments."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stream_server import replay, split
from tests.support.stream_strategies import Wire, damaged, look, seen, wires

CUTS = st.lists(st.integers(0, 4000), max_size=40)


@given(wires(), CUTS)
@settings(max_examples=150, deadline=None)
def test_a_healthy_stream_says_the_same_for_every_split(wire: Wire, cuts: list[int]) -> None:
    whole = look([wire.data], wire.dialect)
    assert whole.text == "".join(wire.words)
    assert sum(whole.tokens) == len(wire.words)
    assert whole.code is None
    assert look(list(split(wire.data, cuts)), wire.dialect) == whole


@given(wires())
@settings(max_examples=30, deadline=None)
def test_a_healthy_stream_may_come_byte_by_byte(wire: Wire) -> None:
    assert look(list(split(wire.data, range(len(wire.data)))), wire.dialect) == look([wire.data], wire.dialect)


@given(damaged(), CUTS)
@settings(max_examples=300, deadline=None)
def test_a_damaged_stream_says_the_same_for_every_split(wire: Wire, cuts: list[int]) -> None:
    assert look(list(split(wire.data, cuts)), wire.dialect) == look([wire.data], wire.dialect)


@given(wires(), CUTS)
@settings(max_examples=100, deadline=None)
def test_arrivals_are_stamps_in_order(wire: Wire, cuts: list[int]) -> None:
    answer = replay(list(split(wire.data, cuts)))
    _, out = seen(answer, wire.dialect)
    assert out.arrivals_ns == sorted(out.arrivals_ns)
    assert set(out.arrivals_ns) <= set(answer.stamps)
    assert len(out.arrivals_ns) == len(out.tokens)
