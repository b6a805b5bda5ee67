"""The search for saturation stops for a reason that it gives."""

from __future__ import annotations

from harness.bench.sweep import Step, sweep


def server(capacity: int, rate: float = 10.0, refuses_above: int = 10**6) -> object:
    """A server with ``capacity`` slots: throughput grows up to it, and requests beyond ``refuses_above`` fail."""

    def attempt(streams: int) -> Step:
        return Step(streams, rate * min(streams, capacity), 0.5 if streams > refuses_above else 0.0)

    return attempt


def test_it_doubles_until_throughput_no_longer_grows() -> None:
    found = sweep(server(4), 0.05)  # type: ignore[arg-type]
    assert found.levels == (1, 2, 4, 8)
    assert "8 at once" in found.why
    assert "saturated" in found.why


def test_it_stops_where_requests_fail() -> None:
    found = sweep(server(64, refuses_above=2), 0.05)  # type: ignore[arg-type]
    assert found.levels == (1, 2, 4)
    assert "50% of the requests failed at 4 at once" in found.why


def test_it_stops_at_the_most_that_is_tried() -> None:
    found = sweep(server(10**6), 0.05, most=16)  # type: ignore[arg-type]
    assert found.levels == (1, 2, 4, 8, 16)
    assert "most that is tried" in found.why


def test_a_server_of_one_slot_is_saturated_by_two() -> None:
    assert sweep(server(1), 0.05).levels == (1, 2)  # type: ignore[arg-type]


def test_a_server_that_answers_nothing_ends_the_search_at_once() -> None:
    found = sweep(lambda streams: Step(streams, 0.0, 1.0), 0.05)
    assert found.levels == (1,)
